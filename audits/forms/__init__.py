from audits.forms.answer import AnswerForm
from audits.forms.instrument import (
    BeginForm,
    ImportForm,
    InstrumentForm,
    QuestionForm,
    SectionForm,
)
from audits.forms.offer import AskForm, HelperFilter, OfferForm, ThanksForm
from audits.forms.round import ExtendForm, RoundForm

__all__ = [
    "AnswerForm",
    "AskForm",
    "BeginForm",
    "ExtendForm",
    "HelperFilter",
    "ImportForm",
    "InstrumentForm",
    "OfferForm",
    "QuestionForm",
    "RoundForm",
    "SectionForm",
    "ThanksForm",
]
