from activities.forms.activity import (
    CancelForm,
    DetailsForm,
    ImpactForm,
    LogForm,
    OwnLearningForm,
    PageForms,
    activity_types,
)
from activities.forms.help import AcceptPage, WordForm
from activities.forms.people import PeopleForm, RegisterForm
from activities.forms.plan import PlanPage
from activities.forms.sessions import (
    ChangedSessionForm,
    RepeatForm,
    SessionForm,
    SessionFormSet,
)

__all__ = [
    "AcceptPage",
    "DetailsForm",
    "CancelForm",
    "ChangedSessionForm",
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
