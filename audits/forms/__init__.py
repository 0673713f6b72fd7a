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
from audits.forms.need import (
    AsideForm,
    ColleaguesNeedForm,
    NeedForm,
    OwnNeedForm,
    QuickNeedForm,
    RuleForm,
    TopicForm,
)
from audits.forms.offer import AskForm, HelperFilter, OfferForm, ThanksForm
from audits.forms.round import ExtendForm, RoundForm

__all__ = [
    "AnswerForm",
    "AsideForm",
    "AskForm",
    "BeginForm",
    "CiteForm",
    "ColleaguesNeedForm",
    "ExtendForm",
    "HelperFilter",
    "ImportForm",
    "InstrumentForm",
    "NamedFilter",
    "NeedForm",
    "OfferForm",
    "OwnNeedForm",
    "QuestionForm",
    "QuickNeedForm",
    "RoundForm",
    "RuleForm",
    "SectionForm",
    "ThanksForm",
    "TopicForm",
]
