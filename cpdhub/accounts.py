"""How allauth signs people in here: nobody signs up, people are invited."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from cpdhub.models import LogEntry, User
from cpdhub.walls import installation_scope


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "That e-mail address and that password do not belong together."
        " Check both, or ask for a new password.",
        "enter_current_password": "That is not your password now.",
        "incorrect_password": "That is not your password.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """After sign-in people go to a page of ours, never to another address."""
        return bool(url and url.startswith("/")) and url_has_allowed_host_and_scheme(url, None)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Five wrong passwords for one address: a page that says wait, whoever asks next."""
        from cpdhub.views.errors import too_many

        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            raise ImmediateHttpResponse(too_many(request)) from None

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        with installation_scope():
            LogEntry.across.create(kind=LogEntry.Kind.SIGNED_IN, user=user)
        return super().post_login(request, user, **kwargs)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Under our own address, whatever name the request came in by."""
        url: str = super().get_reset_password_from_key_url(key)
        return settings.BASE_URL + "/" + url.split("/", 3)[3]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        super().send_mail(template_prefix, email, {"address": settings.BASE_URL, **context})

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        super().send_notification_mail(template_prefix, user, context, email or user.email)


class InOurWords:
    """Labels as we write them, and no grey text inside the boxes that says them twice."""

    labels = {
        "login": "E-mail address",
        "email": "E-mail address",
        "password": "Password",
        "oldpassword": "Your password now",
        "password1": "New password",
        "password2": "New password once more",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields  # type: ignore[attr-defined]
        for name, field in fields.items():
            field.label = self.labels.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)


class SignInForm(InOurWords, LoginForm):
    pass


class ChangeForm(InOurWords, ChangePasswordForm):
    pass


class SetForm(InOurWords, SetPasswordForm):
    pass


class ResetForm(InOurWords, ResetPasswordForm):
    pass


class NewPasswordForm(InOurWords, ResetPasswordKeyForm):
    pass
