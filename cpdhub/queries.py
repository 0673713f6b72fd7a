"""Small expressions several querysets use."""

from typing import Any

from django.db.models import Count, IntegerField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce


def counted(rows: QuerySet) -> Any:
    """The number of these rows as a value inside another query; 0 when there are none."""
    number = (
        rows.order_by().annotate(_all=Value(1)).values("_all").annotate(n=Count("pk")).values("n")
    )
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)
