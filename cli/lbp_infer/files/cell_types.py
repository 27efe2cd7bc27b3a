"""The Arrow types that formats of tables hold besides single answers: JSON, and trees."""

from typing import Any


def json_type() -> Any:
    """Return the Arrow type of values that are kept as JSON text, unchanged."""
    import pyarrow

    return pyarrow.json_(pyarrow.string())


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
