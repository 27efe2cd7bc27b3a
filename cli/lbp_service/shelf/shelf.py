"""Hold the models that are served, as a value: reading the folder again gives another shelf."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bayesnet import (
    BayesnetError,
    DiagnosticModel,
    EvidenceError,
    UnknownNameError,
    load_model,
)
from lbp_service.answers.catalogue import identity
from lbp_service.answers.documents import Models, ServedModel

SUFFIXES = (".yaml", ".yml")
Load = Callable[[str], DiagnosticModel]
FOLDER = "(folder)"
"""What stands for the folder itself among the problems."""


@dataclass(frozen=True)
class Shelf:
    """The models that are served, {name: model}, the default one first.

    default: the name of the one that is asked where a request names none. problems: {name: what is
    wrong with its file now}; the model that was read before, if there was one, still stands.
    """

    default: str
    models: Mapping[str, DiagnosticModel]
    problems: Mapping[str, str] = field(default_factory=dict)

    def model(self, name: str | None) -> DiagnosticModel:
        """Return the model of a name, the default one for None; UnknownNameError if none has it."""
        wanted = self.default if name is None else name
        if wanted not in self.models:
            raise UnknownNameError("model", wanted, self.models, remedy="/v1/models lists them")
        return self.models[wanted]

    def listed(self) -> Models:
        """Describe all models, and the files that could not be read."""
        served = tuple(
            ServedModel(
                name=name,
                is_default=name == self.default,
                identity=identity(model),
                causes=len(model.causes),
                findings=len(model.findings),
                problem=self.problems.get(name, ""),
            )
            for name, model in self.models.items()
        )
        broken = {name: said for name, said in self.problems.items() if name not in self.models}
        return Models(served, broken)


def read_shelf(
    default: str,
    more: Sequence[str] = (),
    folder: Path | None = None,
    before: Shelf | None = None,
    load: Load = load_model,
) -> Shelf:
    """Read the default model, more of them, and those of a folder.

    default, more: names, or paths of model files. before: the shelf so far; where a file cannot be
    read, its model stays. load: what reads one. Raises EvidenceError where two have one name or the
    folder is none and, for the first shelf, what loading raises; later, mistakes become `problems`.
    """
    sources, problems = _sources([default, *more], folder)
    if before is None and problems:
        raise EvidenceError("; ".join(problems.values()))
    models: dict[str, DiagnosticModel] = {}
    for name, source in sources.items():
        try:
            models[name] = load(source)
        except (BayesnetError, OSError) as error:
            if before is None:
                raise
            problems[name] = _without(folder, str(error))
            if name in before.models:
                models[name] = before.models[name]
    if before is not None and FOLDER in problems:
        models = {**before.models, **models}
    return Shelf(next(iter(sources)), models, problems)


def fingerprint(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Return what changes with any file of a folder: path, time of writing and size of each."""
    return tuple(sorted(_stamps(folder)))


def _stamps(folder: Path) -> Iterator[tuple[str, int, int]]:
    for suffix in SUFFIXES:
        for path in folder.rglob(f"*{suffix}"):
            try:
                found = path.stat()
            except OSError:
                continue
            yield str(path), found.st_mtime_ns, found.st_size


def _sources(named: Sequence[str], folder: Path | None) -> tuple[dict[str, str], dict[str, str]]:
    """Return {name: where it is read from}, the default first, and what is wrong with names.

    Of a folder the files at its top are models; what they include lies further down.
    """
    problems: dict[str, str] = {}
    files: list[Path] = []
    try:
        files = sorted(folder.iterdir()) if folder else []
    except OSError as error:
        problems[FOLDER] = f"the folder of models cannot be read: {error.strerror}"
    found: dict[str, str] = {}
    for source in [*named, *(str(each) for each in files if each.suffix in SUFFIXES)]:
        name = _name_of(source)
        if found.setdefault(name, source) != source:
            file = Path(source).name
            problems[file] = f"'{file}' has the name of another model, '{name}'; rename it"
    return found, problems


def _name_of(source: str) -> str:
    """Return what requests call a model: its name or the file's, with `-` for `_`."""
    path = Path(source)
    is_file = path.suffix in SUFFIXES or path.is_file()
    return (path.name.partition(".")[0] if is_file else source).replace("_", "-")


def _without(folder: Path | None, said: str) -> str:
    """Leave the folder's path out of a message, which callers elsewhere read."""
    return said.replace(f"{folder}/", "") if folder else said
