from activities.forms.activity import (
    ActivityForm,
    CancelForm,
    ImpactForm,
    LogForm,
    OwnLearningForm,
    PageForms,
    activity_types,
)
from activities.forms.help import AcceptPage, WordForm
from activities.forms.money import BudgetForm, CarryForm, CostForm, MoneyField
from activities.forms.people import PeopleForm, RegisterForm
from activities.forms.plan import PlanPage
from activities.forms.sessions import RepeatForm, SessionForm, SessionFormSet
from activities.forms.time import AllowForm, CoverForm

__all__ = [
    "AcceptPage",
    "ActivityForm",
    "BudgetForm",
    "CancelForm",
    "CarryForm",
    "CostForm",
    "AllowForm",
    "CancelForm",
    "CoverForm",
    "ImpactForm",
    "LogForm",
    "MoneyField",
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
