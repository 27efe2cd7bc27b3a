"""Kinds of Arrow types, and cells as text or bytes; the formats of tables meet in these."""

from typing import Any


def json_type() -> Any:
    """Return the Arrow type of values that are kept as JSON, letter by letter."""
    import pyarrow

    return pyarrow.json_(pyarrow.string())


def without_dictionary(kind: Any) -> Any:
    """Return the type of the values where they are kept once each, as pandas keeps categories."""
    import pyarrow

    return kind.value_type if pyarrow.types.is_dictionary(kind) else kind


def is_bytes(kind: Any) -> bool:
    """Tell whether it is text or bytes of any kind."""
    from pyarrow import types

    views = types.is_string_view(kind) or types.is_binary_view(kind)
    text = types.is_string(kind) or types.is_large_string(kind)
    binary = types.is_binary(kind) or types.is_large_binary(kind)
    return bool(views or text or binary or types.is_fixed_size_binary(kind))


def is_time(kind: Any) -> bool:
    """Tell whether it is a moment; not a duration, whose text would be a number without unit."""
    from pyarrow import types

    return bool(types.is_timestamp(kind) or types.is_date(kind) or types.is_time(kind))


def is_single(kind: Any) -> bool:
    """Tell whether it is yes/no, a number, or nothing at all."""
    from pyarrow import types

    number = types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind)
    return bool(number or types.is_boolean(kind) or types.is_null(kind))


def is_tree(kind: Any) -> bool:
    """Tell whether it is made of lists, objects and what JSON itself has."""
    from pyarrow import types

    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        return is_tree(kind.value_type)
    if types.is_struct(kind):
        names = {field.name for field in kind}
        return len(names) == kind.num_fields and all(is_tree(field.type) for field in kind)
    number = types.is_integer(kind) or types.is_float64(kind)
    return bool(number or types.is_boolean(kind) or types.is_string(kind))


def holds_answers(kind: Any) -> bool:
    """Tell whether each cell of such a column can be one person's answer."""
    plain = without_dictionary(stored(kind))
    return is_bytes(plain) or is_time(plain) or is_single(plain)


def stored(kind: Any) -> Any:
    """Return the type in which the values of a type that somebody added are stored."""
    import pyarrow

    return kind.storage_type if isinstance(kind, pyarrow.BaseExtensionType) else kind


def as_text(cells: Any) -> Any:
    """Return Arrow strings; bytes are taken as they are, also where they are not UTF-8.

    Raises ArrowException for types without a text.
    """
    import pyarrow

    plain = cells.cast(without_dictionary(cells.type))
    if is_bytes(plain.type):
        return plain.cast(pyarrow.binary()).view(pyarrow.string())
    return plain.cast(pyarrow.string())


def as_answers(cells: Any) -> Any:
    """Return cells that `holds_answers` as bytes or single values, so that none stops the run."""
    import pyarrow

    plain = cells.cast(stored(cells.type))
    kind = without_dictionary(plain.type)
    return as_text(plain).view(pyarrow.binary()) if is_bytes(kind) or is_time(kind) else plain
