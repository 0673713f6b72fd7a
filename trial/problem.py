"""The one exception people see."""


class Problem(Exception):
    """Something is in the way; the text says what, and what to do, in one sentence."""
