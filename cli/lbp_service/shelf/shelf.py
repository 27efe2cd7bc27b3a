"""Hold the models that are served, as a value: reading the folder again gives another shelf."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bayesnet import (
    BayesnetError,
    DiagnosticModel,
    EvidenceError,
    UnknownNameError,
    load_model,
    shipped_models,
)
from lbp_service.answers.catalogue import identity
from lbp_service.answers.documents import Models, ServedModel

SUFFIXES = (".yaml", ".yml")
Source = str | Path
Load = Callable[[Source], DiagnosticModel]


@dataclass(frozen=True)
class Shelf:
    """The models that are served, {name: model}.

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
    default: str, folder: Path | None, before: Shelf | None = None, load: Load = load_model
) -> Shelf:
    """Read the shipped models, the default one and those of a folder.

    default: a name, or the path of a model file. before: the shelf so far; where a file cannot be
    read, its model stays. load: what reads one. Raises EvidenceError or UnknownNameError for a
    default or a folder that is none and, for the first shelf, what loading raises; later, mistakes
    become `problems`.
    """
    try:
        sources, problems = _sources(folder)
    except OSError as error:
        if before is None:
            raise EvidenceError(f"'{folder}': {error.strerror}; name a folder of models") from None
        return replace(before, problems={**before.problems, "folder": str(error.strerror)})
    name = _name(default)
    if name not in sources or Path(default).suffix in SUFFIXES:
        sources = {**sources, (name := _name(Path(default).stem)): Path(default)}
    if before is None and problems:
        raise EvidenceError("; ".join(problems.values()))
    models: dict[str, DiagnosticModel] = {}
    for each, source in sources.items():
        try:
            models[each] = load(source)
        except (BayesnetError, OSError) as error:
            if before is None:
                raise
            problems[each] = _without(folder, str(error))
            if each in before.models:
                models[each] = before.models[each]
    return Shelf(name, models, problems)


def served_files(folder: Path) -> list[Path]:
    """List the model files of a folder, those at its top; what they include lies further down."""
    return sorted(each for each in folder.iterdir() if each.suffix in SUFFIXES and each.is_file())


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


def _sources(folder: Path | None) -> tuple[dict[str, Source], dict[str, str]]:
    """Return {name: where it is read from}, and what is wrong with names."""
    found: dict[str, Source] = {name: name for name in shipped_models()}
    problems: dict[str, str] = {}
    for path in served_files(folder) if folder else ():
        name = _name(path.stem)
        if name in found:
            problems[path.name] = f"'{path.name}' has the name of another model; rename it"
        else:
            found[name] = path
    return found, problems


def _name(word: str) -> str:
    return word.replace("_", "-")


def _without(folder: Path | None, said: str) -> str:
    """Leave the folder's path out of a message, which callers elsewhere read."""
    return said.replace(f"{folder}/", "") if folder else said
