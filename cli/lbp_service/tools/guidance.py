"""Tell a model of language how to use the tools, and how to interview a person with them."""

from bayesnet import DiagnosticModel

INTERVIEW = "hold_interview"
"""The name of the prompt."""


def instructions(model: DiagnosticModel) -> str:
    """Say what the tools are for, and what holds whichever is called."""
    about = model.description.model
    return (
        f"{about.title}: exact probabilities of causes, urgency and care, for {about.setting} "
        "Say the urgency first, in its own words. In an emergency say only where to go and why. "
        "Never guess an answer: leave it out, or give null where it was asked and is not known. "
        "State no number that a tool did not give. Nothing is kept between calls. "
        f"Always say: {about.disclaimer}"
    )


def interview_words(model: DiagnosticModel) -> str:
    """Say how to interview one person, for the prompt.

    >>> import bayesnet
    >>> interview_words(bayesnet.load_model("lbp-runner")).splitlines()[0]
    'Interview me, one question at a time. Low back pain in runners.'
    """
    about = model.description.model
    return f"""Interview me, one question at a time. {about.title}.
1. Call start_interview with what I have said already, in ids that list_findings gives, or \
with none.
2. If the level of triage is emergency, tell me its message and reasons, and stop.
3. Otherwise ask me next_question.text in its own words, with its choices and "I don't know". If \
it has items, read me all of them at once and let me name those that hold, or none.
4. Call answer_question with the session as it came and my answer; null for what I do not know. \
Never answer for me. If I correct an answer, send back: true until it is asked again.
5. Repeat until next_question is null. Then tell me the urgency first, in its own words; then the \
most probable causes with their ranges, the care that fits and what to avoid.
6. Say last: {about.disclaimer} If I ask why, call explain_cause; for where a number comes from, \
show_model_number. Never call the result a diagnosis, and add no number of your own."""
