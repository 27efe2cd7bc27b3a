"""An overlay that a command writes: where it may be written, and that nothing there is lost."""

import os
from pathlib import Path

from bayesnet.errors import EvidenceError


def check_target(out: Path) -> None:
    """Raise EvidenceError where no overlay can be written, before anything is computed."""
    from bayesnet.model.shipped import SUFFIXES

    if out.suffix not in SUFFIXES:
        raise EvidenceError(f"'{out}' is no name of a model file; end it in {SUFFIXES[0]}")
    if os.path.lexists(out):
        raise EvidenceError(f"'{out}' is there already; choose another name")
    if not (out.parent).is_dir():
        raise EvidenceError(f"'{out}' cannot be written: make its folder first")


def write_new(out: Path, content: bytes) -> None:
    """Write an overlay whole or not at all; raises what `check_target` raises."""
    from lbp_infer.files.replacing import replacing

    # Somebody else may have written it meanwhile.
    check_target(out)
    with replacing(str(out)) as stream:
        stream.write(content)
