"""The executors of circuits by name."""

from bayesnet import executor_numpy
from bayesnet.circuit import Circuit
from bayesnet.errors import MissingExtraError
from bayesnet.executed import Run


def prepare(name: str, circuit: Circuit) -> Run:
    """What runs a circuit; raises MissingExtraError when the executor is not installed."""
    if name == "numpy":
        return executor_numpy.prepare(circuit)
    try:
        from bayesnet import executor_numba
    except ImportError as error:
        raise MissingExtraError("the numba executor", "fast", str(error)) from None
    return executor_numba.prepare(circuit)
