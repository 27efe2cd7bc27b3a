"""Whether two tables of answers are the same to the last bit."""

from typing import Any

from lbp_validation.clusters.people import KEY


def differences(expected: Any, found: Any) -> list[str]:
    """List what differs between two pyarrow.Tables, whose rows may come in any order.

    Nothing differs where each key of `expected` is there once, with cells that are the same: floats
    to the bit, texts and types as they are.
    """
    import pyarrow

    if found.num_rows != expected.num_rows:
        return [f"{found.num_rows:,} rows where {expected.num_rows:,} are wanted"]
    if found.schema.names != expected.schema.names:
        return [f"the columns {found.schema.names}"]
    ours, theirs = (each.sort_by(KEY).combine_chunks() for each in (expected, found))
    told = []
    for name in ours.schema.names:
        one, other = ours[name], theirs[name]
        if pyarrow.types.is_floating(one.type) and one.type == other.type:
            same = one.to_numpy().tobytes() == other.to_numpy().tobytes()
        else:
            same = one.equals(other)
        if not same:
            told.append(f"the column '{name}'")
    return told
