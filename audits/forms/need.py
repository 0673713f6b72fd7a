"""Writing a need down: whose it is, how anybody knows, what would be different."""

from __future__ import annotations

from typing import Any

from django import forms
from django_scopes.forms import SafeModelChoiceField

from audits.helpers import known_topics
from audits.models import Need, NeedSource, Topic
from audits.models.instrument import IMPORTANT
from audits.models.need import LEVELS, group_words
from cpdhub import clock
from cpdhub.forms import RevisionModelForm
from cpdhub.models import Framework, FrameworkItem, Priority, School, Staff, Team
from cpdhub.permissions import Permission

NOT_BY_HAND = {NeedSource.Kind.AUDIT, NeedSource.Kind.PRIORITY}
NOT_OF_PERSONS = {NeedSource.Kind.WALK}
OF_A_GROUP = (
    "An audit showed this of a group, which says nothing about one of them. Write down a need of"
    " their own instead."
)
GROUP_ONLY = (
    "A learning walk says nothing about a named person. Choose whose need it is, or untick it."
)


def subjects() -> Any:
    """What a need can be tagged with: subjects and areas of school life, as they are today."""
    lists = Framework.objects.of_kind(Framework.Kind.SUBJECT).valid_on(clock.today())
    return FrameworkItem.objects.filter(framework__in=lists, items=None).order_by(
        "framework", "position"
    )


def live_priorities(*, besides: Need) -> Any:
    """This year's live ones, and those the need stands behind already."""
    today = clock.today()
    found = Priority.objects.live().filter(
        plan__year__starts_on__lte=today, plan__year__ends_on__gte=today
    )
    if not besides._state.adding:
        found |= Priority.objects.filter(need_sources__need=besides)
    return found.distinct()


class QuickNeedForm(forms.ModelForm):
    """One line about oneself; the rest can wait."""

    class Meta:
        model = Need
        fields = ["title"]
        labels = {"title": "I would like to get better at"}
        help_texts = {"title": "For example: asking questions that make Year 4 explain."}
        error_messages = {"title": {"required": "Say in one line what you would like."}}


class NeedForm(RevisionModelForm):
    """Everything about a need that people decide on by hand."""

    topic: Any = forms.CharField(
        label="Topic",
        max_length=300,
        required=False,
        help_text="Needs of one topic are answered together. Choose one that is there, or name it.",
    )
    kinds = forms.MultipleChoiceField(
        label="How we know",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[kind for kind in NeedSource.Kind.choices if kind[0] not in NOT_BY_HAND],
    )
    note = forms.CharField(
        label="In a few words",
        max_length=200,
        required=False,
        help_text="The objective’s title, what was seen or what pupils said. No names of pupils.",
    )
    priorities: Any = forms.ModelMultipleChoiceField(
        label="Priorities it stands behind",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Need
        fields = [
            "title", "pupils", "level_now", "level_wanted", "subject", "balance", "horizon",
        ]  # fmt: skip
        field_classes = {"subject": SafeModelChoiceField}
        help_texts = {
            "title": "What would be different in classrooms or in the work.",
            "pupils": "For example: Year 5, pupils who speak little in class.",
        }
        error_messages = {"title": {"required": "Say in one line what should be different."}}

    def __init__(self, *args: Any, by: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["subject"].queryset = subjects()
        fields["subject"].empty_label = "None in particular"
        for name in ("level_now", "level_wanted"):
            fields[name].choices = [("", "Not said"), *LEVELS]
        offered = live_priorities(besides=self.instance)
        fields["priorities"].queryset = offered
        fields["priorities"].choices = [(priority.pk, str(priority)) for priority in offered]
        fields["topic"].widget.attrs["list"] = "topics"
        if not by.can(Permission.DECIDE_NEEDS) and self.instance.topic is None:
            fields["topic"].help_text = "Choose one that is there, or leave it to the CPD leader."
        self.by = by
        if not self.instance._state.adding:
            self._show_sources()

    def _show_sources(self) -> None:
        sources = list(self.instance.sources.all())
        self.initial.update(
            {
                "topic": self.instance.topic or "",
                "kinds": [source.kind for source in sources if source.kind not in NOT_BY_HAND],
                "note": next((source.note for source in sources if source.note), ""),
                "priorities": [source.priority_id for source in sources if source.priority_id],
            }
        )

    def clean_topic(self) -> str:
        """A new name is for those who decide; a person's own stays private as long as it is."""
        title = " ".join(self.cleaned_data["topic"].split())
        may_name = self.by.can(Permission.DECIDE_NEEDS)
        known = known_topics(self.by).filter(title__iexact=title)
        if title and not may_name and not known.exists():
            raise forms.ValidationError(
                "There is no such topic yet. Choose one from the list, or leave it empty."
            )
        return title

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        now, wanted = cleaned.get("level_now"), cleaned.get("level_wanted")
        if now and wanted and wanted <= now:
            self.add_error("level_wanted", "It stands there already. Choose a higher one.")
        if not self.errors and not self.cleaned_data["topic"]:
            self.instance.topic = None
        return cleaned

    def sources(self) -> list[NeedSource]:
        """Those that were ticked, not saved yet."""
        note = self.cleaned_data["note"]
        by_hand = [NeedSource(kind=kind, note=note) for kind in self.cleaned_data["kinds"]]
        return by_hand + [
            NeedSource(kind=NeedSource.Kind.PRIORITY, priority=priority)
            for priority in self.cleaned_data["priorities"]
        ]


class OwnNeedForm(NeedForm):
    """A person's own: nobody else is asked about, and a walk is none of its sources."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["kinds"].choices = [
            choice for choice in fields["kinds"].choices if choice[0] not in NOT_OF_PERSONS
        ]
        fields["title"].label = "What should be different for me"


class ColleaguesNeedForm(NeedForm):
    """A need of the school, a staff group, a team or a colleague, from those who decide."""

    FIRST = ["title", "whose", "topic"]

    whose = forms.ChoiceField(label="Whose need")
    field_order = FIRST

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whose: Any = self.fields["whose"]
        whose.choices = self._choices()
        if not self.instance._state.adding:
            self.initial["whose"] = f"{self.instance.whom}:{self.instance.key}"

    def first(self) -> list[forms.BoundField]:
        """What is enough; the rest is folded."""
        return [self[name] for name in self.FIRST]

    def rest(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in self.FIRST]

    def _choices(self) -> list[Any]:
        teams = Team.objects.all()
        if not self.by.can(Permission.DECIDE_NEEDS):
            return [(f"team:{team.pk}", team.name) for team in teams.filter(leader=self.by)]
        people = Staff.objects.live(clock.today()).on_staff()
        return [
            ("school:all", "The whole school"),
            ("Staff groups", [(f"group:{group}", group_words(group)) for group in Staff.Group]),
            ("Teams", [(f"team:{team.pk}", team.name) for team in teams]),
            ("One person, who will see it", [(f"person:{p.pk}", p.name) for p in people]),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        whom, _, key = cleaned.get("whose", "").partition(":")
        if whom:
            self.instance.give_to(whom, key)
        if whom == Need.Whom.PERSON and NOT_OF_PERSONS & set(cleaned.get("kinds", ())):
            self.add_error("kinds", GROUP_ONLY)
        if whom == Need.Whom.PERSON and self._is_from_audit():
            self.add_error("whose", OF_A_GROUP)
        return cleaned

    def _is_from_audit(self) -> bool:
        adding = self.instance._state.adding
        return not adding and self.instance.sources.filter(kind=NeedSource.Kind.AUDIT).exists()


class AsideForm(forms.Form):
    because = forms.CharField(
        label="Why is it set aside?",
        max_length=300,
        help_text="For example: next year, or met by the new scheme of work.",
        error_messages={
            "required": "Say in a few words why: whoever asked for it will want to know."
        },
    )


class TopicForm(forms.ModelForm):
    """Another name for a topic; the name of one that is there makes the two one."""

    class Meta:
        model = Topic
        fields = ["title"]
        labels = {"title": "Topic"}
        help_texts = {"title": "Give it the name of another topic to make the two one."}

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def _post_clean(self) -> None:
        """Whether the name is taken is no error here: the page asks whether to join the two."""
        self.same = (
            Topic.objects.exclude(pk=self.instance.pk)
            .filter(title__iexact=self.cleaned_data.get("title", ""))
            .first()
        )
        if self.same is None:
            super()._post_clean()  # type: ignore[misc]  # Django's own hook between the two


class RuleForm(forms.ModelForm):
    """From which answers on an audit suggests a need."""

    need_confidence_at_most = forms.TypedChoiceField(
        label="Confidence at most", coerce=int, choices=LEVELS[:3]
    )
    need_importance_at_least = forms.TypedChoiceField(
        label="Importance at least, where it was asked",
        coerce=int,
        choices=list(enumerate(IMPORTANT, start=1)),
    )

    class Meta:
        model = School
        fields = ["need_confidence_at_most", "need_importance_at_least"]
