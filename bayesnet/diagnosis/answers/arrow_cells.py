"""Classify Arrow types, and make cells of any of them ready to be read as answers."""

from typing import Any

from bayesnet.errors import EvidenceError


def without_dictionary(kind: Any) -> Any:
    """Return the type of the values of a dictionary-encoded type, as pandas' categories have."""
    import pyarrow

    return kind.value_type if pyarrow.types.is_dictionary(kind) else kind


def is_bytes(kind: Any) -> bool:
    """Tell whether an Arrow type is text or bytes of any kind."""
    from pyarrow import types

    views = types.is_string_view(kind) or types.is_binary_view(kind)
    text = types.is_string(kind) or types.is_large_string(kind)
    binary = types.is_binary(kind) or types.is_large_binary(kind)
    return bool(views or text or binary or types.is_fixed_size_binary(kind))


def is_time(kind: Any) -> bool:
    """Tell whether an Arrow type is a date or a time.

    A duration is none: its text would be a number without unit.
    """
    from pyarrow import types

    return bool(types.is_timestamp(kind) or types.is_date(kind) or types.is_time(kind))


def is_single(kind: Any) -> bool:
    """Tell whether an Arrow type is boolean, a number or null."""
    from pyarrow import types

    number = types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind)
    return bool(number or types.is_boolean(kind) or types.is_null(kind))


def holds_answers(kind: Any) -> bool:
    """Tell whether the cells of a column of this Arrow type can be single answers."""
    plain = without_dictionary(stored(kind))
    return is_bytes(plain) or is_time(plain) or is_single(plain)


def check_holds_answers(name: str, kind: Any) -> None:
    """Raise EvidenceError for a column of evidence whose Arrow type holds no single answers."""
    if not holds_answers(kind):
        raise EvidenceError(
            f"column '{name}' holds {kind}; give single answers, soft ones as text such as "
            "yes:0.7,no:0.3"
        )


def stored(kind: Any) -> Any:
    """Return the storage type of an Arrow extension type; any other type as it is."""
    import pyarrow

    return kind.storage_type if isinstance(kind, pyarrow.BaseExtensionType) else kind


def as_text(cells: Any) -> Any:
    """Convert cells to Arrow strings; bytes are taken unchanged, even where they are not UTF-8.

    Raises ArrowException for a type that has no text.
    """
    import pyarrow

    plain = cells.cast(without_dictionary(cells.type))
    if is_bytes(plain.type):
        return plain.cast(pyarrow.binary()).view(pyarrow.string())
    return plain.cast(pyarrow.string())


def as_answers(name: str, cells: Any) -> Any:
    """Convert a column's cells to bytes, numbers or booleans, each distinct one once.

    cells: an Arrow array, chunked or not. Returns a DictionaryArray. As bytes, a cell that is not
    UTF-8 is one person's wrong answer and stops nobody else's. Raises EvidenceError, which names
    the column, for lists, structures and other types whose values are no single answers.
    """
    import pyarrow

    kind = cells.type
    check_holds_answers(name, kind)
    try:
        plain = cells.cast(stored(kind))
        encoded = _as_read(plain.cast(without_dictionary(plain.type))).dictionary_encode()
    except pyarrow.ArrowException as error:
        said = str(error).partition("\n")[0]
        raise EvidenceError(f"column '{name}' holds {kind}, which cannot be read: {said}") from None
    if isinstance(encoded, pyarrow.ChunkedArray):
        # Encoded first: all of a long column's text may not fit one array.
        encoded = encoded.unify_dictionaries().combine_chunks()
    return encoded


def _as_read(cells: Any) -> Any:
    """Convert cells to a type of which Arrow can tell the distinct ones."""
    import pyarrow
    from pyarrow import types

    kind = cells.type
    if types.is_large_string(kind) or types.is_large_binary(kind):
        return cells.cast(pyarrow.large_binary())
    if is_bytes(kind):
        return cells.cast(pyarrow.binary())
    if is_time(kind) or types.is_null(kind):
        return cells.cast(pyarrow.string())
    if types.is_decimal32(kind) or types.is_decimal64(kind):
        return cells.cast(pyarrow.decimal128(kind.precision, kind.scale))
    return cells
