from audits.forms.answer import AnswerForm
from audits.forms.instrument import (
    BeginForm,
    ImportForm,
    InstrumentForm,
    QuestionForm,
    SectionForm,
)
from audits.forms.round import ExtendForm, RoundForm

__all__ = [
    "AnswerForm",
    "BeginForm",
    "ExtendForm",
    "ImportForm",
    "InstrumentForm",
    "QuestionForm",
    "RoundForm",
    "SectionForm",
]
