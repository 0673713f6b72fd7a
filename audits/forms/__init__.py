from audits.forms.answer import AnswerForm
from audits.forms.instrument import (
    BeginForm,
    ImportForm,
    InstrumentForm,
    QuestionForm,
    SectionForm,
)
from audits.forms.need import (
    AsideForm,
    ColleaguesNeedForm,
    NeedForm,
    OwnNeedForm,
    QuickNeedForm,
    RuleForm,
    TopicForm,
)
from audits.forms.round import ExtendForm, RoundForm

__all__ = [
    "AnswerForm",
    "AsideForm",
    "BeginForm",
    "ColleaguesNeedForm",
    "ExtendForm",
    "ImportForm",
    "InstrumentForm",
    "NeedForm",
    "OwnNeedForm",
    "QuestionForm",
    "QuickNeedForm",
    "RoundForm",
    "RuleForm",
    "SectionForm",
    "TopicForm",
]
