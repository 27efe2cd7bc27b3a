"""Define what can be asked: the bodies of requests, the same over every door."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

Answer = bool | int | float | str | dict[str, float] | None
"""An answer in any spelling that evidence has; null: asked, and not known."""
Audience = Literal["self", "clinician"]


class Statement(Struct, frozen=True, forbid_unknown_fields=True):
    """One answer, as lists of evidence hold it."""

    id: Annotated[
        str, Meta(description="Of a finding, a risk factor or, in an interview, a screen.")
    ]
    choice_id: Annotated[
        Answer,
        Meta(
            description=(
                "`present`, `absent` or `unknown`, yes or no, one of the finding's choices, or a "
                "number; null is not known. A soft answer is the weight of each choice, "
                '`{"yes": 0.7, "no": 0.3}`.'
            )
        ),
    ]
    source: Annotated[
        str | None,
        Meta(description="Where the answer comes from, in the caller's words; it changes nothing."),
    ] = None


Evidence = Annotated[
    dict[str, Answer] | list[Statement],
    Meta(
        description=(
            "What is known: `{id: answer}`, or a list of `{id, choice_id, source}`. A soft answer "
            'is the weight of each choice, `{"yes": 0.7, "no": 0.3}`.'
        )
    ),
]


class Case(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of one person, and which model is asked."""

    model: Annotated[
        str | None,
        Meta(description="A name that `/v1/models` lists; left out, the default model."),
    ] = None
    audience: Annotated[
        Audience,
        Meta(description="Who is asked: `clinician` is also asked for examination tests."),
    ] = "self"
    evidence: Evidence = {}


class ExplainedCase(Case, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A case, and the causes whose account is asked for."""

    causes: Annotated[
        list[str], Meta(description="Ids of causes; left out, the leading ones.")
    ] = []


class ChangedCase(Case, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A case, and the answers to put in place of those given, or beside them."""

    change: Evidence


class InterviewStep(Case, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A step of an interview: it begins, goes on with answers, or goes one answer back.

    `evidence`, `audience`, `policy` and `most` count where it begins, without a `session`.
    """

    session: Annotated[
        dict[str, Any] | None,
        Meta(description="The session of the last step's answer, unchanged; left out, it begins."),
    ] = None
    answers: Annotated[
        Evidence, Meta(description="What is answered now, in order: to questions or screens.")
    ] = {}
    back: Annotated[bool, Meta(description="true: takes the last answer back.")] = False
    more: Annotated[
        bool, Meta(description="true: goes on where it would stop, but for an emergency.")
    ] = False
    policy: Annotated[
        str | None,
        Meta(
            description=(
                "How questions are chosen: `care` (else), `information`, or `confirm:CAUSE`."
            )
        ),
    ] = None
    most: Annotated[
        Annotated[int, Meta(ge=1)] | None,
        Meta(description="Questions after which it pauses; left out, the model's number."),
    ] = None
