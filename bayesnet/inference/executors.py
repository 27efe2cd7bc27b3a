"""The executors of circuits by name."""

from bayesnet.errors import MissingExtraError
from bayesnet.inference import executor_numpy
from bayesnet.inference.circuit import Circuit
from bayesnet.inference.evaluated import Run


def prepare(name: str, circuit: Circuit) -> Run:
    """What runs a circuit; raises MissingExtraError when the executor is not installed."""
    if name == "numpy":
        return executor_numpy.prepare(circuit)
    try:
        from bayesnet.inference import executor_numba
    except ImportError as error:
        raise MissingExtraError("the numba executor", "fast", str(error)) from None
    return executor_numba.prepare(circuit)
