"""The model that gave an answer: its name, what it was put together from, and if it is unsafe."""

from typing import TYPE_CHECKING

from msgspec import Struct

from bayesnet.model.format.compiled import CompiledModel, Origin

if TYPE_CHECKING:
    from bayesnet.model.reading.reader import ReadModel


class ModelIdentity(Struct, frozen=True):
    """The model that gave the answer.

    sha256: of all that the model says; setting: the people whom its prevalences are of; people:
    what they are called in the plural; origin: the model that extends nothing, then each overlay on
    it; unsafe: the safety rules that overlays make looser, in words.
    """

    id: str
    version: str
    sha256: str
    title: str
    setting: str
    people: str = "people"
    origin: tuple[Origin, ...] = ()
    unsafe: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return the model's name and version, an overlay's before that of its base.

        >>> over = (Origin("lbp-runner", "0.1.0"), Origin("clinic", ""))
        >>> ModelIdentity("lbp-runner", "0.1.0", "", "", "", origin=over).name
        'clinic over lbp-runner 0.1.0'
        """
        layers = self.origin or (Origin(self.id, self.version),)
        return " over ".join(_named(each) for each in reversed(layers))

    @property
    def caution(self) -> str:
        """Say that the model is unsafe and why; empty for a safe one."""
        return f"This model is unsafe: {'; '.join(self.unsafe)}." if self.unsafe else ""


def identity_of(read: "CompiledModel | ReadModel") -> ModelIdentity:
    """Return the identity of a model, as its reports give it."""
    model = read.description.model
    return ModelIdentity(
        model.id,
        model.version,
        read.sha256,
        model.title,
        model.setting,
        model.people,
        read.origin,
        read.looser,
    )


def _named(layer: Origin) -> str:
    other = f" (made for version {layer.made_for})" if layer.made_for else ""
    return f"{layer.id} {layer.version}".rstrip() + other
