"""Sound model files are read, and as they are written."""

from pathlib import Path

import pytest
from support.reader import MODEL, changed, read

from bayesnet.model.reading.notices import read_noticing
from bayesnet.model.shipped import find_model, shipped_models

pytestmark = pytest.mark.usefixtures("in_folder")


def test_valid_model_is_read() -> None:
    model = read(MODEL)
    assert [node.name for node in model.nodes if node.name in ("hum", "heat")] == ["hum", "heat"]
    assert model.description.findings["heat"].answer.states == ("none", "warm", "hot")
    assert model.description.causes["worn_bearing"].textbook["hours"] == 1500
    assert model.files == (Path("m.yaml"),)


@pytest.mark.parametrize("name", shipped_models())
def test_shipped_models_have_no_mistakes_and_no_warnings(name: str) -> None:
    found = read_noticing(find_model(name))
    assert found.notices == ()
    assert found.model is not None
    assert found.model.looser == ()
    assert found.model.origin[-1].id == name


def test_keys_are_text_as_written_and_words_stay_words() -> None:
    text = changed(
        (
            "{states: [none, warm, hot], labels: {hot: Too hot to touch}}",
            "{states: [off, 20_34, on]}",
        ),
        ("{none: 0.7, warm: 0.2, hot: 0.1}", "{off: 0.7, 20_34: 0.2, on: 0.1}"),
        ("{none: 0.2, warm: 0.3, hot: 0.5}", "{off: 0.2, 20_34: 0.3, on: 0.5}"),
        ("heat: hot, hours", "heat: on, hours"),
        ("states: [warm, hot]", "states: [20_34, on]"),
        ("equals: [hot]", "equals: [on]"),
    )
    model = read(text)
    assert model.description.findings["heat"].answer.states == ("off", "20_34", "on")
    assert list(model.description.findings["heat"].background.values or ()) == [
        "off",
        "20_34",
        "on",
    ]


def test_aliases_are_read() -> None:
    text = changed(
        (
            "prevalence: {value: 0.2, interval: [0.1, 0.3], source: [fig-1]}",
            "prevalence: {value: 0.2, interval: [0.1, 0.3], source: &s [fig-1]}",
        ),
        ("source: [fig-1, fig-2]", "source: *s"),
    )
    assert read(text).description.shared["vibration"].causes["cracked_gear"].source == ("fig-1",)


def test_byte_order_mark_and_windows_lines_are_fine() -> None:
    assert read({"m.yaml": b"\xef\xbb\xbf" + MODEL.replace("\n", "\r\n").encode()}).nodes
