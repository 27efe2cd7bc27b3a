"""Finding the flag for something: by everyday words, search and completion, in any spelling."""

import pytest
from lbp_infer.commands.vocabulary import vocabulary
from support.cli import answer, in_shell, refused, run
from support.models import gearbox, runner

pytestmark = pytest.mark.usefixtures("gearbox_by_default")


def completed(*typed: str, **more: str) -> list[str]:
    """What bash is told may come next after these words, the last of which is being typed."""
    asked = {"COMP_WORDS": " ".join(("lbp-infer", *typed)), "COMP_CWORD": str(len(typed))}
    shown = run(_LBP_INFER_COMPLETE="bash_complete", **asked, **more)
    assert shown.exit_code == 0
    assert shown.stderr == ""
    return [line.partition(",")[2] for line in shown.stdout.splitlines()]


def test_underscores_and_dashes_are_alike():
    assert answer("--whine_under_load") == answer("--whine-under-load")
    assert answer("--no_squeal_cold") == answer("--no-squeal-cold")


def test_everyday_words_are_hints():
    for said in (refused("--howl"), refused("--no-howl"), refused("howl")):
        assert "did you mean '--whine' or '--whine-under-load'?" in said
    assert "did you mean 'whine' or 'whine_under_load'?" in refused("--present", "howl")


def test_a_runner_finds_what_it_is_called_here():
    synonyms = vocabulary(runner().description)
    for word in ("sciatica", "period pain", "pregnancy", "tailbone", "woman"):
        assert synonyms.meant_by(word), word


def given(*flags: str) -> list[tuple[str, object]]:
    return [(each["id"], each["value"]) for each in answer(*flags)["evidence"]]


@pytest.mark.parametrize(
    ("said", "value"),
    [
        (("--whine", "yes"), True),
        (("--whine", "Present"), True),
        (("--whine=true",), True),
        (("--whine", "absent"), False),
        (("--whine=no",), False),
        (("--whine", "unknown"), None),
        (("--whine_under-load", "n"), False),
    ],
)
def test_a_flag_may_say_its_answer(said, value):
    flag = said[0].partition("=")[0].replace("_", "-")
    assert given(*said) == [(flag[2:].replace("-", "_"), value)]


def test_a_yes_where_none_can_stand_is_explained():
    said = refused("--no-knock", "yes")
    assert "'yes' is one word too many" in said
    assert "a flag by itself says yes" in said
    assert "it is a yes/no question" in refused("--whine=often")
    assert "contradict" in refused("--knock", "yes", "--no-knock")


def test_flags_are_searched():
    found = run("flags", "fire").stdout
    assert [line.split()[0] for line in found.splitlines()] == ["--smoke", "--burning-smell"]
    assert "--squeal-cold" in run("flags", "squeal").stdout
    everything = run("flags").stdout
    for flag in vocabulary(gearbox().description).flags.values():
        assert flag in everything
    assert "no flag is about 'unicorn'" in refused("flags", "unicorn")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_is_told_what_to_read(shell):
    shown = run("completion", shell)
    assert shown.exit_code == 0
    assert f"_LBP_INFER_COMPLETE={shell}_complete" in shown.stdout


def test_bash_takes_the_completion():
    result = in_shell('eval "$($RUN completion bash)" && complete -p lbp-infer')
    assert result.returncode == 0, result.stderr
    assert b"lbp-infer" in result.stdout


def test_flags_commands_and_states_are_completed():
    assert completed("--quiet") == ["--quiet-when-warm", "--quiet-downhill"]
    assert "--no-smoke" in completed("--no-smo")
    assert completed("mod") == ["model"]
    assert completed("--felt-at", "se") == ["seat"]


def test_a_mistake_before_it_completes_to_nothing():
    assert completed("--hours", "many", "--f") == []
    assert completed("--x", LBP_INFER_MODEL="/nowhere.yaml") == []


def test_the_help_begins_with_examples_that_run():
    shown = run("--help").stdout
    examples = shown[shown.index("Examples:") : shown.index("Evidence:")]
    lines = [line.strip() for line in examples.splitlines() if "lbp-infer" in line]
    assert len(lines) == 5
    for line in lines:
        words = line.split("  ")[0].split()
        assert run(*words[1:], stdin="stop\n").exit_code == 0, line


def test_the_name_of_a_group_finds_its_flags_and_no_others():
    known = vocabulary(gearbox().description)
    of_group = [n for n, each in known.askables.items() if each.asked.group == "red flags"]
    for word in (("red", "flags"), ("red-flags",), ("Red_Flags",)):
        found = run("flags", *word, COLUMNS="200").stdout.splitlines()
        assert [line.split()[0] for line in found] == [known.flags[name] for name in of_group]


def test_commands_that_take_evidence_say_where_its_flags_are():
    for command in ("ask", "explain", "what-if"):
        shown = run(command, "--help").stdout
        assert "`lbp-infer flags`" in shown
        assert "--whine" not in shown
