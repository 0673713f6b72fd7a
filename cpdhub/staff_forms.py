"""What is asked about colleagues: who to show, one person's post, roles, leaving."""

from datetime import date
from typing import Any

from django import forms
from django.db import IntegrityError, transaction
from django_scopes.forms import SafeModelChoiceField

from cpdhub import clock
from cpdhub.forms import DayInput, RevisionModelForm
from cpdhub.models import HalfDay, School, Staff, Team
from cpdhub.permissions import ROLES, Permission, Role

Words = dict[str, str]
# Nobody's post starts before this or ends after; a typing error does ("20026").
EARLIEST, LATEST = date(1950, 1, 1), date(2100, 1, 1)


class DirectoryFilter(forms.Form):
    """Which people the directory shows. What makes no sense is left aside."""

    WHO = {
        "": "Working here",
        "not_invited": "Not yet invited",
        "invited": "Invited, not signed in yet",
        "left": "Left",
        "all": "Everyone, leavers too",
    }
    q = forms.CharField(
        label="Name, e-mail or code",
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "maxlength": 100}),
    )
    team = SafeModelChoiceField(Team.objects.none(), required=False, empty_label="All teams")
    group = forms.ChoiceField(
        label="Staff group",
        required=False,
        choices=[("", "All groups"), *Staff.Group.choices, ("none", "No post (governors)")],
    )
    role = forms.ChoiceField(
        label="Role", required=False, choices=[("", "Any role"), *Role.choices]
    )
    who = forms.ChoiceField(label="Who", required=False, choices=list(WHO.items()))

    def __init__(self, *args: Any, by: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["team"].queryset = Team.objects.all()  # type: ignore[attr-defined]
        if not by.can(Permission.MANAGE_STAFF):
            self.fields["q"].label = "Name or e-mail"
            for name in ("group", "role", "who"):
                del self.fields[name]

    @property
    def is_narrowing(self) -> bool:
        return self.is_valid() and any(self.cleaned_data.values()) or bool(self.errors)

    def people(self) -> Any:
        """The people asked for, of those this person may see."""
        self.is_valid()
        asked, today = self.cleaned_data, clock.today()
        people = Staff.objects.visible_to(self.by, today=today)
        people = self._of_standing(people, asked.get("who", ""), today)
        if asked.get("q"):
            manages = self.by.can(Permission.MANAGE_STAFF)
            people = people.named(asked["q"], with_code=manages)
        if asked.get("team"):
            people = people.filter(team=asked["team"])
        if asked.get("group"):
            people = people.filter(group="" if asked["group"] == "none" else asked["group"])
        if asked.get("role"):
            people = people.with_role(asked["role"])
        return people

    @staticmethod
    def _of_standing(people: Any, who: str, today: date) -> Any:
        if who == "all":
            return people
        if who == "left":
            return people.left(today)
        people = people.live(today)
        if who == "not_invited":
            return people.not_invited()
        if who == "invited":
            return people.not_signing_in().filter(invited_at__isnull=False)
        return people


class StaffForm(RevisionModelForm):
    """One person's post. Roles, leaving and sign-in are not among its fields.

    Whatever else writes one of these fields raises the post's revision.
    """

    NO_POST = "none"
    group = forms.ChoiceField(
        label="Staff group",
        choices=[
            ("", "Choose"),
            *Staff.Group.choices,
            (NO_POST, "No post here (a governor, for example)"),
        ],
        help_text="Hours and who has had none are counted by group.",
    )
    working_days = forms.MultipleChoiceField(
        label="Works on",
        required=False,
        choices=HalfDay.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="Nobody is expected at compulsory CPD on other days.",
    )
    new_team = forms.CharField(
        label="Or a new team",
        required=False,
        max_length=100,
        help_text="Type its name and it is made when you save.",
    )

    class Meta:
        model = Staff
        fields = [
            "first_name", "last_name", "email", "job_title", "group", "team", "line_manager",
            "staff_code", "career_stage", "fte", "working_days", "starts_on",
        ]  # fmt: skip
        field_classes = {"team": SafeModelChoiceField, "line_manager": SafeModelChoiceField}
        widgets = {"starts_on": DayInput}
        help_texts = {
            "email": "The invitation goes here. It may stay empty.",
            "staff_code": "The code your MIS knows them by, if you import from it.",
            "fte": "1 is full time, 0.6 is three days of five.",
        }

    def __init__(self, *args: Any, by: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.instance.school = by, by.school
        today = clock.today()
        person = self.instance
        self.fields["team"].queryset = Team.objects.all()  # type: ignore[attr-defined]
        managers = Staff.objects.live(today)
        if person.pk:
            managers = managers | Staff.objects.filter(pk=person.line_manager_id)
            managers = managers.exclude(pk=person.pk)
        self.fields["line_manager"].queryset = managers  # type: ignore[attr-defined]
        for name, words in (("team", "No team"), ("line_manager", "Nobody yet")):
            self.fields[name].empty_label = words  # type: ignore[attr-defined]
        if person.pk:
            self.initial["group"] = person.group or self.NO_POST
        self.order_fields([*self.Meta.fields[:6], "new_team"])
        if person.user_id:
            self.fields["email"].help_text = (
                "They sign in already. Changing this changes what colleagues see, not the"
                " address they sign in with."
            )
        elif person.pk and not by.may_change_email_of(person):
            self.fields["email"].disabled = True
            self.fields["email"].help_text = (
                "The invitation goes here and brings the roles with it, so only somebody who may"
                " give roles changes it."
            )

    def clean_group(self) -> str:
        group = self.cleaned_data["group"]
        return "" if group == self.NO_POST else group

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].strip()
        if email:
            self._refuse_taken("email", email, "this e-mail address")
        return email

    def clean_staff_code(self) -> str:
        code = self.cleaned_data["staff_code"].strip()
        if code:
            self._refuse_taken("staff_code", code, "this staff code")
        return code

    def _refuse_taken(self, field: str, value: str, what: str) -> None:
        others = Staff.objects.exclude(pk=self.instance.pk)
        owner = others.filter(**{f"{field}__iexact": value}).first()
        if owner is None:
            return
        sentence = f"{owner.name} has {what} already."
        if not owner.is_live(clock.today()):
            sentence += " They have left: if they are coming back, open their page instead."
        raise forms.ValidationError(sentence)

    def clean_fte(self) -> Any:
        fte = self.cleaned_data["fte"]
        if not 0 < fte <= 1:
            raise forms.ValidationError(
                "Give more than 0 and at most 1: 0.6 is three days of five."
            )
        return fte

    def clean_working_days(self) -> list[str]:
        """In the order of the week. None ticked is every day: nobody works on none."""
        chosen = self.cleaned_data["working_days"]
        return [half for half in HalfDay.values if half in chosen] or list(HalfDay.values)

    def clean_starts_on(self) -> date | None:
        day = self.cleaned_data["starts_on"]
        if day and not EARLIEST <= day <= LATEST:
            raise forms.ValidationError("Check the year of this date.")
        if day and self.instance.ends_on and day > self.instance.ends_on:
            raise forms.ValidationError("This is after their last day.")
        return day

    def clean_line_manager(self) -> Staff | None:
        manager = self.cleaned_data["line_manager"]
        is_new = manager and manager.pk != self.instance.line_manager_id
        if is_new and manager == self.by and not self.by.may_make_themselves_manager:
            raise forms.ValidationError(
                "A line manager sees the person’s record, so you cannot make yourself one. A head"
                " or the CPD leader can."
            )
        if manager and self.instance.pk:
            above = dict(Staff.objects.values_list("pk", "line_manager_id"))
            step, seen = manager.pk, set()
            while step is not None and step not in seen:
                if step == self.instance.pk:
                    raise forms.ValidationError(
                        f"{manager.name} is managed by {self.instance.name}, directly or through"
                        " others. Choose somebody else."
                    )
                seen.add(step)
                step = above.get(step)
        return manager

    def clean_new_team(self) -> str:
        return " ".join(self.cleaned_data["new_team"].split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("new_team") and cleaned.get("team"):
            self.add_error("new_team", "Choose a team or type a new one, not both.")
        return cleaned

    def save_or_refuse(self) -> bool:
        """Save; where somebody took the e-mail or the code a moment ago, say so instead."""
        fields = None
        if self.instance.pk:
            # Only what is on the form: a role taken away a moment ago stays away.
            fields = [*self.Meta.fields, "revision"]
            self.instance.revision += 1
        try:
            with transaction.atomic():
                if name := self.cleaned_data["new_team"]:
                    self.instance.team = team_named(name, school=self.by.school)
                self.instance.save(update_fields=fields)
        except IntegrityError:
            self.add_error(
                None,
                "Somebody else has just saved a person with the same e-mail address or staff"
                " code. Look in the list before you save again.",
            )
            return False
        return True


def team_named(name: str, *, school: School) -> Team:
    """The team of this name, made if it is not there."""
    return Team.objects.filter(name__iexact=name).first() or Team.objects.create(
        school=school, name=name
    )


class RolesForm(forms.Form):
    """Which roles somebody holds; each says what it is for."""

    roles = forms.MultipleChoiceField(
        label="Roles",
        required=False,
        choices=[(role.value, f"{role.label} – {ROLES[role].purpose}") for role in Role],
        widget=forms.CheckboxSelectMultiple,
        help_text="None is fine: everyone with a post reads the plan, logs learning and reflects.",
    )


class LeavingForm(forms.Form):
    """From when somebody does not work here any more."""

    on = forms.DateField(
        label="Date of leaving",
        widget=DayInput,
        help_text="Access ends when this day begins. Today: at once.",
    )

    def __init__(self, *args: Any, person: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_on(self) -> date:
        day = self.cleaned_data["on"]
        if not EARLIEST <= day <= LATEST:
            raise forms.ValidationError("Check the year of this date.")
        if self.person.starts_on and day < self.person.starts_on:
            first = f"{self.person.starts_on:%-d %B %Y}"
            raise forms.ValidationError(f"This is before their first day, {first}.")
        return day
