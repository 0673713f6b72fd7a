"""Small expressions several querysets use."""

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, IntegerField, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce


def counted(rows: QuerySet) -> Any:
    """The number of these rows as a value inside another query; 0 when there are none."""
    number = (
        rows.order_by().annotate(_all=Value(1)).values("_all").annotate(n=Count("pk")).values("n")
    )
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)


def holding(words: str, *fields: str) -> Q:
    """Rows of which each of these words stands in one of the fields, case aside.

    `name__unaccent` reads a field without its accents. A field of many rows (`sessions__name`)
    would ask one row for all the words: ask for these in a subquery.
    """
    each = (
        reduce(or_, (Q(**{f"{field}__icontains": word}) for field in fields))
        for word in words.split()
    )
    return Q(*each)
