from activities.forms.activity import (
    CancelForm,
    DetailsForm,
    ImpactForm,
    LogForm,
    OwnLearningForm,
    PageForms,
    activity_types,
)
from activities.forms.design import DesignForm
from activities.forms.help import AcceptPage, WordForm
from activities.forms.money import BudgetForm, CarryForm, CostForm, MoneyField
from activities.forms.people import PeopleForm, RegisterForm
from activities.forms.places import CodeForm, ExcuseForm, PlacesForm
from activities.forms.plan import PlanPage
from activities.forms.providers import AnswersForm, ContractForm, OfferForm, ProviderForm
from activities.forms.request import AnswerForm, RequestForm, SaidForm, StandInForm
from activities.forms.sessions import ChangedSessionForm, RepeatForm, SessionForm, SessionFormSet
from activities.forms.time import AllowForm, CoverForm

__all__ = [
    "AcceptPage",
    "AllowForm",
    "AnswerForm",
    "AnswersForm",
    "BudgetForm",
    "CancelForm",
    "CarryForm",
    "ChangedSessionForm",
    "CodeForm",
    "ContractForm",
    "CostForm",
    "CoverForm",
    "DetailsForm",
    "ExcuseForm",
    "DesignForm",
    "ImpactForm",
    "LogForm",
    "MoneyField",
    "OfferForm",
    "OwnLearningForm",
    "PageForms",
    "PeopleForm",
    "PlacesForm",
    "PlanPage",
    "ProviderForm",
    "RegisterForm",
    "RepeatForm",
    "RequestForm",
    "SaidForm",
    "SessionForm",
    "SessionFormSet",
    "StandInForm",
    "WordForm",
    "activity_types",
]
