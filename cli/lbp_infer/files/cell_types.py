"""Classify Arrow types and convert cells to text or bytes, for all formats of tables."""

from typing import Any


def json_type() -> Any:
    """Return the Arrow type of values that are kept as JSON text, unchanged."""
    import pyarrow

    return pyarrow.json_(pyarrow.string())


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


def is_tree(kind: Any) -> bool:
    """Tell whether an Arrow type consists of lists, structures and values that JSON has."""
    from pyarrow import types

    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        return is_tree(kind.value_type)
    if types.is_struct(kind):
        names = {field.name for field in kind}
        return len(names) == kind.num_fields and all(is_tree(field.type) for field in kind)
    number = types.is_integer(kind) or types.is_float64(kind)
    return bool(number or types.is_boolean(kind) or types.is_string(kind))


def holds_answers(kind: Any) -> bool:
    """Tell whether the cells of a column of this Arrow type can be single answers."""
    plain = without_dictionary(stored(kind))
    return is_bytes(plain) or is_time(plain) or is_single(plain)


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


def as_answers(cells: Any) -> Any:
    """Convert cells of a type that `holds_answers` to bytes, or leave numbers and booleans.

    As bytes, a cell that is not UTF-8 is one person's wrong answer and does not stop the run.
    """
    import pyarrow

    plain = cells.cast(stored(cells.type))
    kind = without_dictionary(plain.type)
    return as_text(plain).view(pyarrow.binary()) if is_bytes(kind) or is_time(kind) else plain
