"""Exact diagnostic inference in discrete Bayesian networks.

    >>> import bayesnet
    >>> model = bayesnet.load_model("lbp-runner")
    >>> report = model.diagnose({"leaning_back": True, "age": 42})
    >>> report.next_question.text  # doctest: +SKIP

One floor down, for any discrete network: `read_network(path).compile().marginals(evidence)`.
"""

from collections.abc import Sequence
from importlib import import_module
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bayesnet.errors import (
    BayesnetError,
    EvidenceError,
    FormatError,
    FormatWarning,
    ImpossibleEvidenceError,
    MissingExtraError,
    ModelFileError,
    NetworkError,
    TooLargeError,
    UnknownNameError,
)
from bayesnet.network import Network, NoisyMax, Table, Variable, noisy_or

if TYPE_CHECKING:
    from bayesnet.diagnosis.answers.soft import SoftAnswer
    from bayesnet.diagnosis.cohort.mapper import CohortMapper
    from bayesnet.diagnosis.cohort.result import CohortResult
    from bayesnet.diagnosis.interview.session import Session
    from bayesnet.diagnosis.model import DiagnosticModel
    from bayesnet.diagnosis.report.records import Report
    from bayesnet.engine import Engine
    from bayesnet.model.format.codings import Coding
    from bayesnet.network.labelled import Distribution, Marginals

    __version__: str

__all__ = [
    "BayesnetError",
    "Coding",
    "CohortMapper",
    "CohortResult",
    "DiagnosticModel",
    "Distribution",
    "Engine",
    "EvidenceError",
    "FormatError",
    "FormatWarning",
    "ImpossibleEvidenceError",
    "Marginals",
    "MissingExtraError",
    "ModelFileError",
    "Network",
    "NetworkError",
    "NoisyMax",
    "Report",
    "Session",
    "SoftAnswer",
    "Table",
    "TooLargeError",
    "UnknownNameError",
    "Variable",
    "__version__",
    "cohort_mapper",
    "load_model",
    "noisy_or",
    "read_evidence",
    "read_network",
    "write_network",
]

_LATER = {
    "Coding": "bayesnet.model.format.codings",
    "CohortMapper": "bayesnet.diagnosis.cohort.mapper",
    "CohortResult": "bayesnet.diagnosis.cohort.result",
    "DiagnosticModel": "bayesnet.diagnosis.model",
    "Distribution": "bayesnet.network.labelled",
    "Engine": "bayesnet.engine",
    "Marginals": "bayesnet.network.labelled",
    "Report": "bayesnet.diagnosis.report.records",
    "Session": "bayesnet.diagnosis.interview.session",
    "SoftAnswer": "bayesnet.diagnosis.answers.soft",
}
"""{name: its module}, which is imported on the first use of the name: few programs need all."""


def load_model(name: "str | PathLike[str]", executor: str = "numpy") -> "DiagnosticModel":
    """Load a diagnostic model: a shipped one by its id, or a model file by its path.

    A network file whose nodes have diagnostic roles (GeNIe's .xdsl) is a model too; its content
    tells which it is.
    executor: what runs `diagnose`, as for an `Engine`. Raises UnknownNameError or EvidenceError
    when there is no such model or executor, MissingExtraError when numba is missing, and
    ModelFileError that lists every mistake of the file, each with its place.

        >>> model = load_model("lbp-runner")
        >>> model.diagnose({"age": 42}).model.id
        'lbp-runner'
    """
    from bayesnet.diagnosis.model import DiagnosticModel
    from bayesnet.diagnosis.priors import with_priors
    from bayesnet.model.shipped import find_model
    from bayesnet.model.store import load_compiled

    model = DiagnosticModel(with_priors(load_compiled(find_model(name))), executor)
    if executor != "numpy":
        # What is wrong with it is said now and not at the first question.
        _ = model.engine
    return model


def cohort_mapper(
    model: "str | PathLike[str] | DiagnosticModel",
    keep: str | Sequence[str] = (),
    fields: str | Sequence[str] | None = None,
    audience: str = "self",
    sha256: str | None = None,
    executor: str | None = None,
) -> "CohortMapper":
    """Pack a model into a callable that answers for tables in other processes; it pickles.

    model: a model, or what `load_model` takes. keep, fields, audience: as for `diagnose_many`.
    sha256: the model that is meant, as its reports name it. executor: the same in all processes,
    numba where it is installed here. Raises what `load_model` raises, EvidenceError for a model of
    another sha256 and UnknownNameError for an unknown field or executor.

        >>> mapper = cohort_mapper("lbp-runner", keep=["id"])
        >>> mapper.name.split()[0], len(mapper.packed) < 1_000_000
        ('lbp-runner', True)
    """
    from bayesnet.diagnosis.cohort.mapper import mapper_of
    from bayesnet.diagnosis.cohort.request import request
    from bayesnet.diagnosis.model import DiagnosticModel

    loaded = model if isinstance(model, DiagnosticModel) else load_model(model)
    return mapper_of(loaded, request(audience, keep, fields), sha256, executor)


def read_network(
    path: "str | PathLike[str]",
    *,
    chance_only: bool = False,
    normalise: bool = False,
    encoding: str | None = None,
) -> Network:
    """Read a network from a file, whose content tells its kind; it may be packed by gzip.

    Kinds: BIF, XMLBIF, XDSL and DSL (GeNIe), UAI, NET and OOBN (Hugin), DNE (Netica). Rows of
    probabilities that sum to 1 within 1 % are scaled. chance_only: leave out decisions, utilities
    and continuous variables, and what depends on them. normalise: scale rows of counts or
    percentages. encoding: of a file that is not UTF-8 and does not say what it is. Warns
    (FormatWarning) of files that pyAgrum wrote the other way round, and of findings and time slices
    that are left out. Raises FormatError that names the file, line and column, and what is wrong.

        >>> from tempfile import TemporaryDirectory
        >>> rain = Variable("rain", ("no", "yes"))
        >>> with TemporaryDirectory() as folder:
        ...     write_network(Network((rain,), (Table("rain", (), [0.7, 0.3]),)), f"{folder}/x.bif")
        ...     read_network(f"{folder}/x.bif").family("rain").values.tolist()
        [0.7, 0.3]
    """
    from bayesnet.network.formats.files import read_network as read

    return read(Path(path), chance_only=chance_only, normalise=normalise, encoding=encoding)


def read_evidence(path: "str | PathLike[str]", network: Network) -> "list[dict[str, str]]":
    """Read a UAI evidence file (.evid): a list of cases, as `marginals_many` takes them.

    A case is {variable: state}; the file counts both from 0, in the order of the network. Raises
    FormatError that names the file and what is wrong.

        >>> from tempfile import TemporaryDirectory
        >>> rain = Variable("rain", ("no", "yes"))
        >>> network = Network((rain,), (Table("rain", (), [0.7, 0.3]),))
        >>> with TemporaryDirectory() as folder:
        ...     _ = Path(f"{folder}/x.uai.evid").write_text("1 0 1")
        ...     read_evidence(f"{folder}/x.uai.evid", network)
        [{'rain': 'yes'}]
    """
    from bayesnet.network.formats.files import read_evidence as read

    return read(Path(path), network)


def write_network(network: Network, path: "str | PathLike[str]") -> None:
    """Write a network to a file in the format of its ending; see `read_network`.

    Numbers keep their full precision. Noisy families are written as such in XDSL, as full tables
    elsewhere. Raises FormatError for a name that the format cannot hold, tables of over 4,000,000
    numbers together and a file that cannot be written.

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
