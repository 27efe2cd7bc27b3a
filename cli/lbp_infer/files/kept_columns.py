"""Pass columns through: each value comes out as it went in, or the run is refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bayesnet.diagnosis.answers.arrow_cells import (
    as_text,
    is_bytes,
    is_single,
    is_time,
    without_dictionary,
)
from bayesnet.errors import EvidenceError
from lbp_infer.files.cell_types import is_tree, json_type


def kept_type(name: str, given: Any, form: str) -> Any:
    """Return the Arrow type that a kept column of the Arrow type `given` has in the output.

    form: the output's format, csv, ndjson or parquet. Raises EvidenceError where that cannot hold
    such values.
    """
    found = FORMS[form].holds(given)
    if found is None:
        raise EvidenceError(
            f"--keep {name}: the output has no place for values of the type {given}; write "
            f"{FORMS[form].instead}, or keep another column"
        )
    return found


def kept_cells(name: str, cells: Any, form: str, before: int) -> Any:
    """Convert cells to an Arrow array of their `kept_type`.

    before: number of rows of the table before these. Raises EvidenceError that names the row of
    the first value that the format cannot hold.
    """
    import msgspec
    import pyarrow

    try:
        return FORMS[form].converted(cells)
    except (ValueError, RecursionError, msgspec.MsgspecError, pyarrow.ArrowException) as error:
        if len(cells) > 1:
            # One value at a time finds the one at fault.
            for row in range(len(cells)):
                kept_cells(name, cells.slice(row, 1), form, before + row)
        not_text = isinstance(error, UnicodeDecodeError) or "UTF8" in str(error)
        reason = "is not UTF-8 text" if not_text else f"cannot be held: {error}".partition("\n")[0]
    raise EvidenceError(
        f"row {before + 1:,}: --keep {name}: the value {reason}; correct it, or write "
        f"{FORMS[form].instead}"
    )


@dataclass(frozen=True)
class Form:
    """How a format of the output holds kept values.

    holds: maps an Arrow type to the one in the output, None where the format cannot hold it;
    converted: converts an Arrow array to that type, raises ValueError, MsgspecError or
    ArrowException where a value does not fit; instead: endings of formats to suggest where this
    one cannot.
    """

    holds: Callable[[Any], Any]
    converted: Callable[[Any], Any]
    instead: str


def _csv_type(given: Any) -> Any:
    import pyarrow

    plain = without_dictionary(given)
    if plain == json_type() or is_bytes(plain) or is_time(plain):
        return pyarrow.string()
    return plain if is_single(plain) else None


def _in_csv(cells: Any) -> Any:
    kind = _csv_type(cells.type)
    return said(cells) if is_bytes(kind) else cells.cast(kind)


def _ndjson_type(given: Any) -> Any:
    plain = without_dictionary(given)
    held = plain == json_type() or is_bytes(plain) or is_time(plain) or is_single(plain)
    return json_type() if held or is_tree(plain) else None


def _in_ndjson(cells: Any) -> Any:
    import pyarrow

    kind = without_dictionary(cells.type)
    if kind == json_type():
        texts = [None if text is None else _checked(text) for text in cells.to_pylist()]
    elif pyarrow.types.is_floating(kind):
        # Through its text, so that 0.1 in 32 bits is written 0.1 and not 0.10000000149011612.
        texts = [text and _json(float(text)) for text in as_text(cells).to_pylist()]
    elif is_single(kind):
        texts = as_text(cells).to_pylist()
    else:
        values = said(cells) if is_bytes(kind) or is_time(kind) else cells
        texts = [None if value is None else _json(value) for value in values.to_pylist()]
    return pyarrow.array(texts, json_type())


def _parquet_type(given: Any) -> Any:
    import pyarrow
    from pyarrow import parquet

    kind = pyarrow.string() if given == json_type() else given
    try:
        parquet.ParquetWriter(pyarrow.BufferOutputStream(), pyarrow.schema([("x", kind)])).close()
    except pyarrow.ArrowException:
        return None
    return kind


def _in_parquet(cells: Any) -> Any:
    found = said(cells) if cells.type == json_type() else cells
    found.validate(full=True)
    return found


FORMS: Mapping[str, Form] = {
    "csv": Form(_csv_type, _in_csv, ".parquet"),
    "ndjson": Form(_ndjson_type, _in_ndjson, ".csv or .parquet"),
    "parquet": Form(_parquet_type, _in_parquet, ".csv"),
}


def names_in(name: str, cells: Any) -> list[str | None]:
    """Return the values of a kept column as text, by which a row can be named.

    Raises EvidenceError for values that have no text, such as lists.
    """
    if _csv_type(cells.type) is None:
        raise EvidenceError(f"--keep {name}: no row can be named by {cells.type}; keep another")
    texts = said(cells).view("binary").to_pylist()
    return [None if text is None else text.decode(errors="replace") for text in texts]


def said(cells: Any) -> Any:
    """Convert cells to Arrow strings: a JSON string to its content, other values to their text."""
    import msgspec
    import pyarrow

    if cells.type != json_type():
        return _in_range(as_text(cells))
    texts = [
        msgspec.json.decode(text) if text is not None and text[:1] == '"' else text
        for text in cells.to_pylist()
    ]
    return pyarrow.array(texts, pyarrow.string())


def _in_range(texts: Any) -> Any:
    """Return the texts; ValueError for Arrow's placeholder of a date that no calendar has."""
    import pyarrow.compute

    outside = pyarrow.compute.starts_with(texts.view("binary"), b"<value out of range")
    if pyarrow.compute.any(outside).as_py():
        raise ValueError("no calendar has this moment")
    return texts


def _checked(text: str) -> str:
    """Return JSON text unchanged; DecodeError if broken, ValueError if it spans lines."""
    import msgspec

    msgspec.json.decode(text)
    if "\n" in text:
        raise ValueError("JSON over several lines")
    return text


def _json(value: Any) -> str:
    """Write a value as JSON; ValueError for NaN and the infinities, which JSON lacks."""
    import json

    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
