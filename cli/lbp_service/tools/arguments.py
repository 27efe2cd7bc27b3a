"""Define what each tool is called with: data only, from which its schema is made."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from lbp_service.answers.requests import Answer, Audience

Answers = dict[str, Answer]
Evidence = Annotated[
    Answers,
    Meta(
        description=(
            "All that is known of the person, `{id: answer}`, with ids and choices as "
            "`list_findings` gives them. An answer is true or false, the value of a choice or a "
            "number; null where it was asked and is not known. Leave out what was not asked. Where "
            "an answer is likely and not certain give the weight of each choice, "
            '`{"yes": 0.7, "no": 0.3}`.'
        )
    ),
]
Asked = Annotated[
    Audience,
    Meta(description="Who is asked: `clinician` is also asked for examination tests."),
]


class OfPerson(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of one person."""

    evidence: Evidence = {}
    audience: Asked = "self"


class StartInterview(OfPerson, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An interview that begins, with what is known already."""


class AnswerQuestion(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A step of an interview: answers, one of them taken back, or more questions."""

    session: Annotated[
        dict[str, Any], Meta(description="`session` of the last answer, whole and unchanged.")
    ]
    answers: Annotated[
        Answers,
        Meta(
            description=(
                "What was answered, `{id: answer}`: to the question or to each line of a screen "
                '(its `items`); `{SCREEN: "none"}` denies all of its lines. null: not known. Any '
                "other finding that the person speaks of may stand here too."
            )
        ),
    ] = {}
    back: Annotated[bool, Meta(description="true: takes the last answer back.")] = False
    more: Annotated[
        bool, Meta(description="true: asks on where it would stop, but for an emergency.")
    ] = False


class AssessCase(OfPerson, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A case that is assessed at once."""


class ExplainCause(OfPerson, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A case, and the cause whose probability is accounted for."""

    cause: Annotated[str, Meta(description="The id of a cause, as reports have it.")]


class WhatIf(OfPerson, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A case, and other answers to look at."""

    change: Annotated[
        Answers,
        Meta(description="`{id: answer}` in place of those in `evidence`, or beside them."),
    ]


class ListFindings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which findings are looked for."""

    containing: Annotated[
        str,
        Meta(
            description=(
                "A word in a finding's id, question, label or group, such as `night`; case does "
                "not matter. Left out, all findings, which is long."
            )
        ),
    ] = ""


class ShowModelNumber(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which of the model's numbers are looked for."""

    id: Annotated[
        str, Meta(description="The id of a cause, finding, risk factor or pathway of the model.")
    ]
    about: Annotated[
        str | None,
        Meta(description="Another id: only numbers about both, such as a finding's for a cause."),
    ] = None
