"""Addresses of a school's pages, for lists and dashboards that have dozens of them."""

from functools import lru_cache

from django.urls import get_script_prefix, reverse


def address(view: str, *arguments: object) -> str:
    """Of a page of the school whose address was asked for; each is worked out once."""
    return _address(get_script_prefix(), view, *arguments)


@lru_cache(maxsize=4096)
def _address(_prefix: str, view: str, *arguments: object) -> str:
    return reverse(view, args=arguments)
