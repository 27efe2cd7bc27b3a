"""What is said when an answer cannot be written, or a case is nested without end."""

import errno
import os

import pytest
from lbp_infer.screen.messages import explain
from support.cli import refused


@pytest.mark.parametrize("name", ["ENOSPC", "EIO", "EBADF", "EFBIG", "EDQUOT"])
def test_an_answer_that_cannot_be_written_is_no_internal_error(name):
    number = getattr(errno, name)
    said, code = explain(OSError(number, os.strerror(number)))
    assert said == f"lbp-infer: cannot write the answer: {os.strerror(number)}"
    assert code == 1


@pytest.mark.parametrize("opened", ["[", "{a: "])
def test_a_case_is_stepped_through_fifty_levels_and_no_further(opened):
    closed = {"[": "]", "{a: ": "}"}[opened]
    held = {"[": "a list", "{a: ": "a mapping"}[opened]
    for depth, said in ((50, f"'coughing' holds {held}"), (51, "nested too deeply")):
        text = f"coughing: {opened * depth}{closed * depth}\n"
        assert said in refused("--case", "-", stdin=text)
