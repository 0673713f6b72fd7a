"""Numbers of things, as sentences say them."""


def count(number: int, one: str, many: str = "") -> str:
    """3 registers, 1 activity, 1,200 lines"""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def people(number: int) -> str:
    return count(number, "person", "people")
