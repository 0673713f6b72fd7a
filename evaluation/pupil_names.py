"""A warning where a pupil may be named: two capitalised words beside a word for a child."""

import re

CHILD = r"(?:[Pp]upil|child|boy|girl|student)"
NAME = r"[A-Z][a-z]{2,}"
NO_NAME = (
    r"(?:Voice|Premium|Year|Class|Group|Progress|Passport|Survey|Council|Parliament|Behaviour"
    r"|Referral|Conference)"
)
NAMED = re.compile(
    rf"\b{CHILD},?\s+(?:called\s+)?(?!{NO_NAME}){NAME}\b"
    rf"|\b{NAME}\s+{NAME}\s+\((?:Y|Year\s?)\d"
)


def looks_like_a_pupil(text: str) -> bool:
    """Pupil Amina; the boy Tom; Tom Reid (Y4). Not "pupils in Year 4", nor "Pupil A"."""
    return NAMED.search(text) is not None
