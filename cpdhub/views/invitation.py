"""Accepting an invitation: outside schools, before one can sign in."""

from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.account.utils import perform_login
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cpdhub import actions, clock
from cpdhub.models import Staff, User
from cpdhub.walls import school_scope


class Unusable(Exception):
    """The link opens nothing any more; `why` names the reason for the page."""

    def __init__(self, why: str, school: str = "") -> None:
        super().__init__(why)
        self.why, self.school = why, school


class PasswordForm(forms.Form):
    """The first password of somebody new."""

    password = forms.CharField(
        label="Choose a password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 12 characters. Three words that do not belong together are good.",
    )

    def __init__(self, *args: Any, person: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        validate_password(password, User(email=self.person.email))
        return password


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    try:
        school_id, staff_id, email = _read(token)
        with school_scope(school_id):
            person = _person(staff_id, email)
            return _answer(request, person)
    except Unusable as problem:
        context = {"why": problem.why, "school_name": problem.school}
        return render(request, "cpdhub/invitation_unusable.html", context, status=410)


def _read(token: str) -> tuple[int, int, str]:
    """What the link says, if we wrote it and not too long ago."""
    try:
        school_id, staff_id, email, issued = signing.loads(token, salt=actions.SALT)
    except (signing.BadSignature, ValueError):
        raise Unusable("unknown") from None
    age = clock.now() - datetime.fromtimestamp(issued, tz=UTC)
    if age > timedelta(days=actions.INVITATION_DAYS):
        raise Unusable("expired")
    return school_id, staff_id, email


def _person(staff_id: int, email: str) -> Staff:
    """The post, while nobody signs in with it and the letter's address is still theirs.

    Locked: of two who answer at once, the second sees what the first one did.
    """
    posts = Staff.objects.select_related("school").select_for_update(of=("self",))
    person = posts.filter(pk=staff_id).first()
    if person is None or not person.is_live(clock.today()):
        raise Unusable("withdrawn")
    if person.user_id:
        raise Unusable("used", person.school.name)
    if person.email.lower() != email:
        raise Unusable("withdrawn", person.school.name)
    return person


def _answer(request: HttpRequest, person: Staff) -> HttpResponse:
    if request.user.is_authenticated:
        return _signed_in(request, person)
    if User.objects.filter(email=person.email.lower()).exists():
        return _page(request, person, "has_account")
    return _newcomer(request, person)


def _newcomer(request: HttpRequest, person: Staff) -> HttpResponse:
    form = PasswordForm(request.POST or None, person=person)
    if request.method != "POST" or not form.is_valid():
        return _page(request, person, "newcomer", form=form)
    try:
        with transaction.atomic():
            user = User.objects.create_user(person.email, form.cleaned_data["password"])
            actions.accept_invitation(person, user=user)
    except (IntegrityError, actions.InvitationUsed):
        # Sent twice, or from two windows: the first one made the account.
        raise Unusable("used", person.school.name) from None
    return perform_login(request, user, redirect_url=f"/s/{person.school.slug}/")


def _signed_in(request: HttpRequest, person: Staff) -> HttpResponse:
    """Somebody with an account here takes the post over with it, knowingly."""
    user: Any = request.user
    is_theirs = user.email == person.email.lower()
    if Staff.objects.filter(user=user).exists():
        return _page(request, person, "has_post")
    if not is_theirs and User.objects.filter(email=person.email.lower()).exists():
        return _page(request, person, "other_account")
    if request.method == "POST":
        try:
            actions.accept_invitation(person, user=user)
        except actions.InvitationUsed:
            raise Unusable("used", person.school.name) from None
        return redirect(f"/s/{person.school.slug}/")
    return _page(request, person, "link" if is_theirs else "link_other")


def _page(request: HttpRequest, person: Staff, case: str, **more: Any) -> HttpResponse:
    context = {"person": person, "school_name": person.school.name, "case": case, **more}
    return render(request, "cpdhub/invitation.html", context)
