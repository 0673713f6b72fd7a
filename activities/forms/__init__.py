from activities.forms.activity import (
    ActivityForm,
    CancelForm,
    ImpactForm,
    LogForm,
    OwnLearningForm,
    PageForms,
    activity_types,
)
from activities.forms.design import DesignForm
from activities.forms.help import AcceptPage, WordForm
from activities.forms.people import PeopleForm, RegisterForm
from activities.forms.plan import PlanPage
from activities.forms.sessions import RepeatForm, SessionForm, SessionFormSet

__all__ = [
    "AcceptPage",
    "ActivityForm",
    "CancelForm",
    "DesignForm",
    "ImpactForm",
    "LogForm",
    "OwnLearningForm",
    "PageForms",
    "PeopleForm",
    "PlanPage",
    "RegisterForm",
    "RepeatForm",
    "SessionForm",
    "SessionFormSet",
    "WordForm",
    "activity_types",
]
