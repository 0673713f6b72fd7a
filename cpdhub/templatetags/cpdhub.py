"""The few tags and filters our templates need."""

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BaseForm
from django.template.context import RequestContext
from django.urls import get_script_prefix, reverse, set_script_prefix
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cpdhub.permissions import Permission

register = template.Library()


@register.simple_tag
def hub_url(view: str, *args: Any, **kwargs: Any) -> str:
    """A page outside any school: sign-in, account, administration."""
    before = get_script_prefix()
    set_script_prefix("/")
    try:
        return reverse(view, urlconf="cpdhub.urls", args=args, kwargs=kwargs)
    finally:
        set_script_prefix(before)


@register.simple_tag
def once() -> SafeString:
    """The random key that lets a form sent twice have one effect (see decorators.once)."""
    return format_html('<input type="hidden" name="once" value="{}">', uuid.uuid4())


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: Any) -> dict[str, Any]:
    """Everything wrong with a form, or a list of them, each a link to its field; `base.html`
    does it for `form`."""
    forms = [
        each
        for each in (form if isinstance(form, list) else [form])
        if isinstance(each, BaseForm) and each.is_bound
    ]
    errors: list[dict[str, Any]] = []
    for each in forms:
        each.is_summarised = True  # type: ignore[attr-defined]  # so that crispy does not repeat it
        errors += [{"text": error} for error in each.non_field_errors()]
        for field in each:
            # A group of choices has no element of its own: its first choice is where to go.
            anchor = "" if field.is_hidden else field.id_for_label or f"{field.auto_id}_0"
            errors += [
                {"anchor": anchor, "label": field.label, "text": error} for error in field.errors
            ]
    differences = [row for each in forms for row in getattr(each, "differences", [])]
    return {"errors": errors, "differences": differences}


@register.simple_tag(takes_context=True)
def query(context: RequestContext, **changes: Any) -> str:
    """This page's address with some of its query changed; None takes a part away."""
    parameters = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None:
            parameters.pop(name, None)
        else:
            parameters[name] = value
    return "?" + parameters.urlencode()


@register.simple_tag
def options(choices: Any, chosen: Any = "") -> SafeString:
    """The options of a long select box, at once: a loop of the template's own costs ten times."""
    rows = ((value, " selected" if value == chosen else "", label) for value, label in choices)
    return format_html_join("", '<option value="{}"{}>{}</option>', rows)


@register.filter
def pounds(value: Decimal | int | float | None) -> str:
    """£1,234, with pence only where there are some; nothing known is "not yet known"."""
    if value is None:
        return "not yet known"
    value = Decimal(value)
    sign, value = ("−" if value < 0 else ""), abs(value)
    whole = value == value.to_integral_value()
    return f"{sign}£{value:,.0f}" if whole else f"{sign}£{value:,.2f}"


@register.filter
def pounds_whole(value: Decimal) -> str:
    """£1,234: a share of something, where pence would say more than anybody knows."""
    return pounds(round(Decimal(value)))


@register.filter
def can(staff: Any, permission: str) -> bool:
    """Whether somebody has a right: `{% if request.staff|can:"MANAGE_BUDGETS" %}`."""
    return staff is not None and staff.can(Permission[permission])


@register.filter
def hours(value: timedelta | Decimal | float | int | None) -> str:
    """Hours with at most one decimal: 14.5, 3, 0."""
    if value is None:
        return "0"
    number = value.total_seconds() / 3600 if isinstance(value, timedelta) else float(value)
    return f"{number:,.1f}".removesuffix(".0")


@register.filter
def plain(value: Decimal | None) -> str:
    """A number without needless zeros: 63, 63.5."""
    return "" if value is None else f"{value.normalize():,f}"


BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "FxiOS": "Firefox"}
BROWSERS |= {"CriOS": "Chrome", "Chrome": "Chrome", "Safari": "Safari"}
MACHINES = {"iPhone": "an iPhone", "iPad": "an iPad", "Android": "an Android device"}
MACHINES |= {"CrOS": "a Chromebook", "Windows": "Windows", "Mac OS": "a Mac", "Linux": "Linux"}


@register.filter
def browser(user_agent: str) -> str:
    """What somebody signed in with, roughly: "Chrome on Windows"."""
    name = next((words for key, words in BROWSERS.items() if key in user_agent), "A browser")
    machine = next((words for key, words in MACHINES.items() if key in user_agent), "")
    return f"{name} on {machine}" if machine else name
