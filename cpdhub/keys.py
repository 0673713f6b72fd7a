"""Keys of rows as they come in an address or in a form that was sent."""

MOST_DIGITS = 18  # of a key PostgreSQL can hold


def key_of(text: str) -> int:
    """The key this text is; 0, which no row has, whatever else it may be and however long."""
    is_key = len(text) <= MOST_DIGITS and text.isascii() and text.isdecimal()
    return int(text) if is_key else 0
