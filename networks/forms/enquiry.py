"""Asking another school for help, and answering."""

from __future__ import annotations

from typing import Any

from django import forms

from cpdhub import clock
from cpdhub.models import School
from networks.models import Enquiry, Membership


class EnquiryForm(forms.ModelForm):
    class Meta:
        model = Enquiry
        fields = ["asked", "topic", "words"]
        widgets = {"words": forms.Textarea({"rows": 3})}
        labels = {"asked": "Which school?"}
        help_texts = {
            "words": "For whom, roughly when, and what you could give in return. No pupils’ names.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked: Any = self.fields["asked"]
        others = Membership.objects.members().filter(network=self.instance.network_id)
        others = others.exclude(school=self.instance.school_id)
        asked.queryset = School.objects.filter(pk__in=others.values("school"))
        asked.empty_label = "Choose…"


class ReplyForm(forms.ModelForm):
    class Meta:
        model = Enquiry
        fields = ["answer", "reply"]
        widgets = {"reply": forms.Textarea({"rows": 3}), "answer": forms.RadioSelect}
        help_texts = {"reply": "Who would come, once they have agreed; or who else might know."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        answer: Any = self.fields["answer"]
        answer.choices = [choice for choice in Enquiry.Answer.choices if choice[0]]
        answer.required = True

    def save(self, commit: bool = True) -> Enquiry:
        self.instance.answered_on = clock.today()
        saved: Enquiry = super().save(commit)
        return saved


class HelpedForm(forms.ModelForm):
    class Meta:
        model = Enquiry
        fields = ["helped"]
        help_texts = {"helped": "The school that helped reads it."}
