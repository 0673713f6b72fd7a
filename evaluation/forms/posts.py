"""Writing a post, saying something to one, and what is done about them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db import transaction
from django_scopes.forms import SafeModelChoiceField

from cpdhub import clock
from cpdhub.forms import DayInput, RevisionModelForm, carry
from cpdhub.models import Priority, Staff, StoredFile
from evaluation import posts, uploads
from evaluation.forms.small_file import SmallFileField
from evaluation.models import Comment, Post
from evaluation.pupil_names import looks_like_a_pupil

FARTHEST = timedelta(days=3 * 366)
NOTICE_FARTHEST = timedelta(days=366)
OF_SOME = {
    "ends_on": (Post.Kind.NOTICE,),
    "owner": Post.KEPT_RIGHT,
    "review_on": Post.KEPT_RIGHT,
    "licence": (Post.Kind.ACCOUNT,),
    "is_agreed": (Post.Kind.ACCOUNT,),
}
NAMED = (
    "Does it name a pupil? Say “a pupil in Year 4” or “pupil A” instead. If nobody is named, send"
    " it again as it is."
)


class NamesNoPupil(forms.ModelForm):
    """Asks once where a pupil may be named; sent again, it is knowingly so."""

    NAMED_AT = "text"  # beside which box it asks

    knowingly = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def ask_about_names(self, *names: str) -> None:
        said = " ".join(self.cleaned_data.get(name) or "" for name in names)
        if looks_like_a_pupil(said) and not self.cleaned_data.get("knowingly"):
            self.add_error(self.NAMED_AT, NAMED)
            carry(self, "knowingly", "1")


class PostForm(NamesNoPupil, RevisionModelForm):
    """One kind of post. Kept as a draft nothing is asked for; posted, what its kind needs."""

    url = forms.URLField(label="Link", required=False, assume_scheme="https", max_length=500)
    upload = SmallFileField(label="A small file")
    uuid = forms.UUIDField(widget=forms.HiddenInput, required=False)
    drops_file = forms.BooleanField(label="Take the file away", required=False)

    class Meta:
        model = Post
        fields = [
            "title", "text", "url", "activity", "priority", "ends_on", "owner", "review_on",
            "licence", "is_agreed", "may_be_printed",
        ]  # fmt: skip
        field_classes = dict.fromkeys(("activity", "priority", "owner"), SafeModelChoiceField)
        widgets = {
            "text": forms.Textarea(attrs={"rows": 10}),
            "ends_on": DayInput,
            "review_on": DayInput,
            "licence": forms.RadioSelect,
        }
        help_texts = {
            "activity": "Optional. Of coaching, support and own learning nobody is told.",
            "priority": "Optional.",
            "owner": "They are reminded on that day to say whether it is still right.",
        }

    def __init__(self, *args: Any, editor: Staff, keeps: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.editor, self.keeps = editor, keeps
        self.initial["uuid"] = self.instance.uuid
        for name, kinds in OF_SOME.items():
            if self.instance.kind not in kinds:
                del self.fields[name]
        if not self.instance.file_id:
            del self.fields["drops_file"]
        self._say_whom_and_what()
        self._fill_in()
        if self.keeps:
            for field in self.fields.values():
                field.required = False
        self.order_fields(["title", "text", "url", "upload", "drops_file"])

    @property
    def is_stale(self) -> bool:
        """A draft is its writer's alone: its page may have been opened before it was kept."""
        return not self.instance.is_draft and super().is_stale

    def _say_whom_and_what(self) -> None:
        post, prompt = self.instance, posts.PROMPTS[self.instance.kind]
        self.fields["text"].help_text = prompt.ask
        if self.editor.pk == post.by_id:
            activity: Any = self.fields["activity"]
            activity.queryset = posts.may_come_from(self.editor, post.activity_id)
        else:
            del self.fields["activity"]  # it would say where the writer has been
            del self.fields["may_be_printed"]  # the writer's to say
        priority: Any = self.fields["priority"]
        priority.queryset = Priority.objects.live().order_by("title", "pk")
        if "owner" in self.fields:
            owner: Any = self.fields["owner"]
            live = Staff.objects.live(clock.today()).on_staff()
            owner.queryset = live.order_by("sort_name", "pk")
        for name in ("ends_on", "owner", "review_on", "is_agreed"):
            if name in self.fields:
                self.fields[name].required = True

    def _fill_in(self) -> None:
        if self.is_of_saved:
            return
        today = clock.today()
        self.initial["text"] = posts.PROMPTS[self.instance.kind].starter
        self.initial["ends_on"] = today + posts.NOTICE_LASTS
        self.initial["review_on"] = today + posts.LOOKED_AT_AFTER
        self.initial["owner"] = self.instance.by_id

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if not self.keeps and not posts.is_written(self.instance.kind, "", text):
            raise forms.ValidationError("Write something below the headings.")
        return text

    def clean_ends_on(self) -> date | None:
        return self._day("ends_on", NOTICE_FARTHEST)

    def clean_review_on(self) -> date | None:
        return self._day("review_on", FARTHEST)

    def _day(self, name: str, farthest: timedelta) -> date | None:
        day: date | None = self.cleaned_data[name]
        if day is None or day == getattr(self.instance, name):
            return day
        if day < clock.today():
            raise forms.ValidationError("This day is over. Choose today or a later one.")
        if day > clock.today() + farthest:
            raise forms.ValidationError(f"Is the year right? This says {day.year}.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.keeps:
            self.ask_about_names("title", "text")
        return cleaned

    @transaction.atomic
    def keep_or_post(self) -> Post:
        """Raises `uploads.Refused` when there is no room for its file."""
        post: Post = super().save(commit=False)
        before = post.file_id
        if upload := self.cleaned_data.get("upload"):
            post.file = uploads.keep(upload, post.school)
        elif self.cleaned_data.get("drops_file"):
            post.file = None
        if post.is_draft and not self.keeps:
            post.posted_at = clock.now()
        post.save()
        if before and before != post.file_id:
            StoredFile.objects.filter(pk=before).delete()
        return post


class CommentForm(NamesNoPupil):
    class Meta:
        model = Comment
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"text": "A thank-you, a question, what you made of it. Colleagues read it."}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.ask_about_names("text")
        return cleaned


class ReasonForm(forms.Form):
    """Why something is hidden, or what is wrong with it."""

    because = forms.CharField(label="Why?", max_length=300)

    def __init__(self, *args: Any, label: str, help_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["because"].label = label
        self.fields["because"].help_text = help_text


class LookAgainForm(forms.ModelForm):
    """An account or a resource is looked at: still right until a day, and who looks after it."""

    class Meta:
        model = Post
        fields = ["review_on", "owner"]
        field_classes = {"owner": SafeModelChoiceField}
        widgets = {"review_on": DayInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        live = Staff.objects.live(clock.today()).on_staff()
        owner.queryset, owner.required = live.order_by("sort_name", "pk"), True
        self.fields["review_on"].required = True
        self.initial["review_on"] = clock.today() + posts.LOOKED_AT_AFTER

    def clean_review_on(self) -> date:
        day: date = self.cleaned_data["review_on"]
        if day <= clock.today():
            raise forms.ValidationError("Choose a day that is still to come.")
        if day > clock.today() + FARTHEST:
            raise forms.ValidationError(f"Is the year right? This says {day.year}.")
        return day
