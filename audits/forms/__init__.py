from audits.forms.answer import AnswerForm
from audits.forms.cite import CiteForm
from audits.forms.instrument import (
    BeginForm,
    ImportForm,
    InstrumentForm,
    QuestionForm,
    SectionForm,
)
from audits.forms.named import NamedFilter
from audits.forms.round import ExtendForm, RoundForm

__all__ = [
    "AnswerForm",
    "BeginForm",
    "CiteForm",
    "ExtendForm",
    "ImportForm",
    "InstrumentForm",
    "NamedFilter",
    "QuestionForm",
    "RoundForm",
    "SectionForm",
]
