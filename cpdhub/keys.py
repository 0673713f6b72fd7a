"""Keys of rows as they come in an address or in a form that was sent."""

from typing import Any

MOST_DIGITS = 18  # of a key PostgreSQL can hold


def key_of(text: str) -> Any:  # an int or None: a lookup takes both, its stubs one
    """The key this text is; none, whatever else it may be and however long."""
    is_key = len(text) <= MOST_DIGITS and text.isascii() and text.isdecimal()
    return int(text) if is_key else None
