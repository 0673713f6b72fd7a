"""Small things tests share."""

from django.conf import settings

# What every page inside a school costs before its own queries: session, user, post with
# school (and the settings that open the walls, the savepoints: they read no rows).
FRAME = 3


def url(school, view, *args, **kwargs):
    """The path of one of a school's pages."""
    return school.link(view, *args, **kwargs).removeprefix(settings.BASE_URL)
