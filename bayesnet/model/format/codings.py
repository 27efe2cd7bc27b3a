"""Codes of published terminologies for what a model names, so that other systems understand it."""

from typing import Annotated

from msgspec import Meta, Struct

from bayesnet.model.format.numbers import Sources, Text, Why


class Coding(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A code of a terminology, as a FHIR Coding has it, and where it was looked up."""

    system: Annotated[
        Text,
        Meta(
            description=(
                "The terminology by its URI, such as `http://hl7.org/fhir/sid/icd-10-cm`, "
                "`http://loinc.org` or `http://snomed.info/sct`."
            )
        ),
    ]
    code: Annotated[
        Text, Meta(description='The code as the terminology writes it, in quotes: "M54.41".')
    ]
    display: Annotated[Text, Meta(description="What the terminology calls it.")]
    source: Sources
    why: Why = ""


Codings = Annotated[
    tuple[Coding, ...],
    Meta(description="What other systems call it: a row for each code. It changes no probability."),
]
CODINGS = "codings"
"""The key that they stand under, also of answers."""
