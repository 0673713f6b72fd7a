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
from activities.forms.places import CodeForm, ExcuseForm, PlacesForm
from activities.forms.plan import PlanPage
from activities.forms.providers import AnswersForm, ContractForm, OfferForm, ProviderForm
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
    "AnswersForm",
    "CancelForm",
    "CodeForm",
    "ContractForm",
    "ExcuseForm",
    "ImpactForm",
    "LogForm",
    "OfferForm",
    "OwnLearningForm",
    "PageForms",
    "PeopleForm",
    "PlacesForm",
    "PlanPage",
    "ProviderForm",
    "RegisterForm",
    "RepeatForm",
    "SessionForm",
    "SessionFormSet",
    "WordForm",
    "activity_types",
]
