"""Exact diagnostic inference in discrete Bayesian networks.

    >>> import bayesnet
    >>> model = bayesnet.load_model("lbp-runner")
    >>> report = model.diagnose({"leaning_back": True, "age": 42})
    >>> report.next_question.text  # doctest: +SKIP

One floor down, for any discrete network: `read_network(path).compile().marginals(evidence)`.
"""

from importlib import import_module
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bayesnet.errors import (
    BayesnetError,
    EvidenceError,
    FormatError,
    ImpossibleEvidenceError,
    MissingExtraError,
    ModelFileError,
    NetworkError,
    TooLargeError,
    UnknownNameError,
)
from bayesnet.network import Network, NoisyMax, Table, Variable, noisy_or

if TYPE_CHECKING:
    from bayesnet.diagnosis.cohort.result import CohortResult
    from bayesnet.diagnosis.interview.session import Session
    from bayesnet.diagnosis.model import DiagnosticModel
    from bayesnet.diagnosis.report.records import Report
    from bayesnet.engine import Engine
    from bayesnet.network.labelled import Distribution, Marginals

    __version__: str

__all__ = [
    "BayesnetError",
    "CohortResult",
    "DiagnosticModel",
    "Distribution",
    "Engine",
    "EvidenceError",
    "FormatError",
    "ImpossibleEvidenceError",
    "Marginals",
    "MissingExtraError",
    "ModelFileError",
    "Network",
    "NetworkError",
    "NoisyMax",
    "Report",
    "Session",
    "Table",
    "TooLargeError",
    "UnknownNameError",
    "Variable",
    "__version__",
    "load_model",
    "noisy_or",
    "read_network",
    "write_network",
]

_LATER = {
    "CohortResult": "bayesnet.diagnosis.cohort.result",
    "DiagnosticModel": "bayesnet.diagnosis.model",
    "Distribution": "bayesnet.network.labelled",
    "Engine": "bayesnet.engine",
    "Marginals": "bayesnet.network.labelled",
    "Report": "bayesnet.diagnosis.report.records",
    "Session": "bayesnet.diagnosis.interview.session",
}
"""{name: its module}, which is imported on the first use of the name: few programs need all."""


def load_model(name: "str | PathLike[str]", executor: str = "numpy") -> "DiagnosticModel":
    """Load a diagnostic model: a shipped one by its id, or a model file by its path.

    executor: what runs `diagnose`, as for an `Engine`. Raises UnknownNameError or EvidenceError
    when there is no such model or executor, MissingExtraError when numba is missing, and
    ModelFileError that lists every mistake of the file, each with its place.

        >>> model = load_model("lbp-runner")
        >>> model.diagnose({"age": 42}).model.id
        'lbp-runner'
    """
    from bayesnet.diagnosis.model import DiagnosticModel
    from bayesnet.model.shipped import find_model
    from bayesnet.model.store import load_compiled

    model = DiagnosticModel(load_compiled(find_model(name)), executor)
    if executor != "numpy":
        # What is wrong with it is said now and not at the first question.
        _ = model.engine
    return model


def read_network(path: "str | PathLike[str]") -> Network:
    """Read a network from a file; its ending tells the format, and `.gz` may stand after it.

    Endings: .bif, .xml or .xmlbif, .xdsl (GeNIe), .uai, .net (Hugin). Rows of probabilities that
    sum to 1 within 1 % are scaled. Raises FormatError that names the file and what is wrong.

        >>> from tempfile import TemporaryDirectory
        >>> rain = Variable("rain", ("no", "yes"))
        >>> with TemporaryDirectory() as folder:
        ...     write_network(Network((rain,), (Table("rain", (), [0.7, 0.3]),)), f"{folder}/x.bif")
        ...     read_network(f"{folder}/x.bif").family("rain").values.tolist()
        [0.7, 0.3]
    """
    from bayesnet.network.formats.files import read_network as read

    return read(Path(path))


def write_network(network: Network, path: "str | PathLike[str]") -> None:
    """Write a network to a file in the format of its ending; see `read_network`.

    Noisy families are written as full tables, and numbers with their full precision. Raises
    FormatError for a name that the format cannot hold or a file that cannot be written, and
    TooLargeError for a noisy family whose full table is over 1 GiB.

        >>> from tempfile import TemporaryDirectory
        >>> rain = Variable("rain", ("no", "yes"))
        >>> with TemporaryDirectory() as folder:
        ...     write_network(Network((rain,), (Table("rain", (), [0.7, 0.3]),)), f"{folder}/x.uai")
        ...     print(Path(f"{folder}/x.uai").read_text().split()[:3])
        ['BAYES', '1', '2']
    """
    from bayesnet.network.formats.files import write_network as write

    write(network, Path(path))


def __getattr__(name: str) -> Any:
    """Load the parts of the face that a start can do without."""
    if name == "__version__":
        from bayesnet.version import version

        return version()
    if name in _LATER:
        return getattr(import_module(_LATER[name]), name)
    raise AttributeError(f"module 'bayesnet' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
