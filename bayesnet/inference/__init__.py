"""How evidence is answered: triangulation, factors, plans, propagation, circuits, executors."""
