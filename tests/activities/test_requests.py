"""Asking for CPD and deciding about it: who may do what when, and what comes of it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from activities import emails, requests, spending
from activities.deciding import deciders, decides
from activities.models import Activity, Budget, NotPossible, Request
from cpdhub import clock
from cpdhub.models import Reminder, Staff
from cpdhub.roof import todo
from tests.factories import (
    ActivityFactory,
    BudgetFactory,
    CostFactory,
    NeedFactory,
    PlacesFactory,
    RequestFactory,
    RequestStepFactory,
    SessionFactory,
    StaffFactory,
    StandInFactory,
)


@pytest.fixture
def people(inside):
    """A CPD leader, a head, a line manager and a teacher."""
    manager = StaffFactory(school=inside, last_name="Manager")
    return {
        "leader": StaffFactory(school=inside, roles=["cpd_leader"], last_name="Leader"),
        "head": StaffFactory(school=inside, roles=["head"], last_name="Head"),
        "manager": manager,
        "teacher": StaffFactory(school=inside, line_manager=manager, last_name="Teacher"),
    }


@pytest.fixture
def asked(inside, people):
    return RequestFactory(school=inside, staff=people["teacher"], fee=200, cover_half_days=0)


def now(request):
    return Request.objects.get(pk=request.pk)


def steps(request):
    return list(request.steps.values_list("kind", flat=True))


def holder(request):
    return deciders(request.school, clock.today()).holder(now(request))


# --- asking ----------------------------------------------------------------------------------
def test_asked_it_is_with_whoever_leads_cpd(people, inside):
    draft = RequestFactory(school=inside, staff=people["teacher"], state="draft", asked_at=None)

    requests.ask(draft, by=people["teacher"])

    assert (now(draft).state, steps(draft)) == ("asked", ["asked"])
    assert holder(draft) == people["leader"]
    told = Reminder.objects.filter(kind="request").values_list("staff__last_name", flat=True)
    assert sorted(told) == ["Leader", "Manager"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"why": " "}, "Say why"),
        ({"pupils_will": ""}, "pupils will gain"),
        ({"starts_on": None}, "Say when"),
        ({"fee": 251}, "how others will learn"),
        ({"prerequisites": "Two years of teaching"}, "asks for something first"),
        ({"title": "", "activity": "draft"}, "nobody can join it"),
    ],
)
def test_what_is_missing_is_said(people, inside, fields, said):
    if "activity" in fields:
        fields["activity"] = ActivityFactory(school=inside)
    given = {"staff": people["teacher"], "state": "draft", "asked_at": None} | fields
    draft = RequestFactory(school=inside, **given)

    with pytest.raises(NotPossible, match=said):
        requests.ask(draft, by=people["teacher"])
    assert now(draft).state == "draft"


def test_nominated_they_say_yes_or_no(people, inside):
    first = RequestFactory.build(school=inside, staff=people["teacher"], type=None)
    second = RequestFactory.build(school=inside, staff=people["teacher"], type=None)
    for one in (first, second):
        requests.nominate(one, by=people["manager"])

    requests.ask(first, by=people["teacher"])
    requests.withdraw(second, by=people["teacher"], words="Not this year")

    assert (now(first).state, steps(first)) == ("asked", ["nominated", "accepted"])
    assert (now(second).state, steps(second)) == ("withdrawn", ["nominated", "turned_down"])


@pytest.fixture
def place(inside, people):
    """The teacher has asked for a place."""
    activity = ActivityFactory(school=inside, state="planned")
    return RequestFactory(school=inside, staff=people["teacher"], title="", activity=activity)


def again(place):
    return Request(
        school=place.school, staff=place.staff, activity=place.activity, why="I teach this"
    )


@pytest.mark.parametrize("is_seen", [True, False], ids=["seen", "at the same moment"])
def test_there_is_one_open_request_for_a_place(people, place, monkeypatch, is_seen):
    draft = again(place)
    draft.save()
    if not is_seen:
        monkeypatch.setattr(requests, "other_open", lambda request: None)

    with pytest.raises(NotPossible, match="You have a request for .* already"):
        requests.ask(draft, by=people["teacher"])
    with pytest.raises(NotPossible, match="is nominated for .* already, or has asked"):
        requests.nominate(again(place), by=people["manager"])

    assert (now(draft).state, steps(draft)) == ("draft", [])
    assert Request.objects.count() == 2


def test_nominated_they_say_yes_rather_than_ask_as_well(people, place):
    requests.withdraw(place, by=people["teacher"])
    requests.nominate(again(place), by=people["manager"])

    with pytest.raises(NotPossible, match="You are nominated for .*: say yes to that"):
        requests.ask(place, by=people["teacher"])


def test_declined_and_asked_anew_the_first_is_not_appealed(people, place):
    requests.decline(place, by=people["leader"], words="Full")
    anew = again(place)
    anew.save()
    requests.ask(anew, by=people["teacher"])

    with pytest.raises(NotPossible, match="already"):
        requests.appeal(place, by=people["teacher"], words="Please")


# --- who decides -----------------------------------------------------------------------------
def test_nobody_decides_their_own(people, inside):
    own = RequestFactory(school=inside, staff=people["leader"])

    assert holder(own) == people["head"]
    with pytest.raises(NotPossible, match="their own"):
        requests.approve(own, by=people["leader"])
    with pytest.raises(DatabaseError, match="their own"), transaction.atomic():
        RequestStepFactory(school=inside, request=own, kind="approved", by=people["leader"])


def test_head_decides_above_the_schools_sum(people, inside):
    large = RequestFactory(school=inside, staff=people["teacher"], fee=400, cover_half_days=1)

    assert holder(large) == people["head"]  # £400 and £110 of cover
    with pytest.raises(NotPossible, match="Head decides"):
        requests.approve(large, by=people["leader"])
    requests.approve(large, by=people["head"])
    assert now(large).state == "approved"


def test_decider_who_is_not_here_does_not_keep_it(people, inside, asked):
    people["leader"].ends_on = clock.today()
    people["leader"].save()
    assert holder(asked) == people["head"]

    people["head"].ends_on = clock.today()
    people["head"].save()
    assert holder(asked) is None

    other = StaffFactory(school=inside, roles=["cpd_leader"])
    assert holder(asked) == other
    large = RequestFactory(school=inside, staff=people["teacher"], fee=5000)
    assert holder(large) == other


def test_a_stand_in_decides_until_a_day(people, inside, asked, monkeypatch):
    deputy = StaffFactory(school=inside, last_name="Deputy")
    StandInFactory(school=inside, staff=people["leader"], stand_in=deputy)
    own = RequestFactory(school=inside, staff=deputy)

    assert holder(asked) == deputy
    assert holder(own) != deputy
    requests.approve(asked, by=deputy)

    other = RequestFactory(school=inside, staff=people["teacher"])
    later = clock.now() + timedelta(days=15)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert holder(other) == people["leader"]
    with pytest.raises(NotPossible, match="Leader decides"):
        requests.approve(other, by=deputy)


@pytest.mark.parametrize(
    "change", [{"roles": []}, {"ends_on": date(2020, 1, 1)}], ids=["no right", "left"]
)
def test_nobody_stands_in_for_who_may_not_decide(people, inside, asked, change):
    deputy = StaffFactory(school=inside)
    StandInFactory(school=inside, staff=people["leader"], stand_in=deputy)
    assert asked in Request.objects.visible_to(deputy)
    assert decides(deputy)

    Staff.objects.filter(pk=people["leader"].pk).update(**change)

    assert asked not in Request.objects.visible_to(deputy)
    assert not decides(deputy)


def test_passed_on_it_is_with_somebody_else(people, inside, asked):
    with pytest.raises(NotPossible, match="may not decide"):
        requests.send_on(asked, by=people["leader"], to_whom=people["manager"])

    requests.send_on(asked, by=people["leader"], to_whom=people["head"], words="Yours, I think")

    assert holder(asked) == people["head"]
    assert steps(asked) == ["sent_on"]


def test_comments_are_of_the_manager_and_whoever_decides(people, inside, asked):
    requests.comment(asked, by=people["manager"], words="She would pass it on well.")

    with pytest.raises(NotPossible, match="Only their line manager"):
        requests.comment(asked, by=StaffFactory(school=inside), words="Me too")
    assert now(asked).state == "asked"


# --- deciding --------------------------------------------------------------------------------
def test_approved_it_is_planned_and_the_money_is_put_aside(people, inside, asked):
    budget = BudgetFactory(school=inside)
    need = NeedFactory(school=inside, staff=people["teacher"])
    Request.objects.filter(pk=asked.pk).update(cover_half_days=2, need=need)

    activity = requests.approve(
        asked, by=people["leader"], budget=budget, because="goodwill", change="One day", fee=100
    )

    activity = Activity.objects.get(pk=activity.pk)
    assert (activity.state, activity.title) == ("planned", asked.title)
    assert list(activity.participations.values_list("staff", flat=True)) == [asked.staff_id]
    assert list(activity.needs.all()) == [need]
    assert activity.expected_cost == 100 + inside.cover_rate
    assert Budget.objects.with_sums().get().committed == 100 + inside.cover_rate
    assert steps(asked) == ["changed"]
    assert now(asked).steps.get().because == "goodwill"
    assert now(asked).booked_at is None

    requests.book_with_provider(asked, by=people["teacher"], reference="AB 12")
    assert now(asked).reference == "AB 12"


def test_full_budget_refuses_with_what_is_left_and_nothing_is_done(people, inside, asked):
    budget = BudgetFactory(school=inside, amount=150, is_hard=True)

    with pytest.raises(NotPossible, match="£150"):
        requests.approve(asked, by=people["leader"], budget=budget)

    assert now(asked).state == "asked"
    assert not Activity.objects.exists()


def test_budget_closed_meanwhile_is_said(people, inside, asked):
    budget = BudgetFactory(school=inside)
    budget.close()

    with pytest.raises(NotPossible, match="closed"):
        requests.approve(asked, by=people["leader"], budget=budget)


def test_place_is_taken_and_given_back(people, inside):
    activity = PlacesFactory(school=inside, capacity=1).activity
    SessionFactory(school=inside, activity=activity)
    wish = RequestFactory(school=inside, staff=people["teacher"], title="", activity=activity)
    wish.fee = Decimal(50)
    wish.save()

    requests.approve(wish, by=people["leader"])
    assert activity.bookings.get().state == "booked"
    late = RequestFactory(school=inside, title="", activity=activity)
    with pytest.raises(NotPossible, match="places are taken"):
        requests.approve(late, by=people["leader"])

    requests.withdraw(wish, by=people["teacher"], words="I am ill")
    assert activity.bookings.get().state == "cancelled"
    assert not activity.costs.exists()


def test_withdrawn_it_takes_only_what_was_put_aside_for_it(people, inside):
    activity = SessionFactory(school=inside, activity__state="planned").activity
    common = {"school": inside, "activity": activity, "staff": people["teacher"]}
    before = CostFactory(kind="travel", **common)
    wish = RequestFactory(
        school=inside, staff=people["teacher"], title="", activity=activity,
        fee=Decimal(50), cover_half_days=1,
    )  # fmt: skip
    requests.approve(wish, by=people["leader"])
    like_it = CostFactory(expected=Decimal(50), **common)
    fee = activity.costs.get(request=wish, kind="fee")
    fee.expected = Decimal(60)
    spending.save_cost(fee)

    requests.withdraw(wish, by=people["teacher"], words="I am ill")

    assert set(activity.costs.all()) == {before, like_it}


def test_approved_and_withdrawn_it_is_cancelled(people, inside, asked):
    activity = requests.approve(asked, by=people["leader"])

    requests.withdraw(asked, by=people["teacher"], words="I am ill")

    assert Activity.objects.get(pk=activity.pk).state == "cancelled"
    with pytest.raises(NotPossible, match="was approved"):
        requests.ask(asked, by=people["teacher"])


def test_in_two_places_at_once_is_refused(people, inside, asked):
    requests.approve(asked, by=people["leader"])
    again = RequestFactory(school=inside, staff=people["teacher"], starts_on=asked.starts_on)

    with pytest.raises(NotPossible, match="Nobody can be in two places"):
        requests.approve(again, by=people["leader"])
    assert now(again).state == "asked"


def test_it_waits_until_a_day(people, asked):
    today = clock.today()
    with pytest.raises(NotPossible, match="a day to come"):
        requests.let_wait(asked, by=people["leader"], until=today, words="New budget")

    requests.let_wait(asked, by=people["leader"], until=today + timedelta(days=9), words="Money")

    assert now(asked).state == "waiting"
    assert not Request.objects.to_decide(today).exists()
    assert Request.objects.to_decide(today + timedelta(days=9)).exists()


def test_declined_with_a_reason_appealed_once_to_the_head(people, asked):
    with pytest.raises(NotPossible, match="Say why not"):
        requests.decline(asked, by=people["leader"], words=" ")
    requests.decline(asked, by=people["leader"], words="We have somebody here who can")
    requests.appeal(asked, by=people["teacher"], words="She has left")

    assert holder(asked) == people["head"]
    with pytest.raises(NotPossible, match="Head decides"):
        requests.approve(asked, by=people["leader"])
    requests.decline(asked, by=people["head"], words="In spring")
    with pytest.raises(NotPossible, match="appealed once"):
        requests.appeal(asked, by=people["teacher"], words="Please")
    requests.ask(asked, by=people["teacher"], words="In spring, then")
    assert steps(asked) == ["declined", "appealed", "declined", "again"]


def test_requests_of_leavers_are_withdrawn(people, inside, asked):
    people["teacher"].ends_on = clock.today()
    people["teacher"].save()
    with pytest.raises(NotPossible, match="has left"):
        requests.approve(asked, by=people["leader"])

    requests.withdraw_of_leavers(inside, clock.now())

    assert (now(asked).state, steps(asked)) == ("withdrawn", ["withdrawn"])


# --- letters ----------------------------------------------------------------------------------
def letters(request):
    found = Reminder.objects.filter(kind="request").order_by("pk").select_related("staff", "school")
    return {one.staff.last_name: emails.about_a_request(one) for one in found}


def test_letters_go_to_whoever_it_is_for_and_whoever_has_it(people, inside):
    draft = RequestFactory(
        school=inside, staff=people["teacher"], state="draft", asked_at=None, title="Maths day"
    )
    requests.ask(draft, by=people["teacher"])

    written = letters(draft)
    assert written["Leader"].subject == "A request: Maths day"
    assert "You may comment" in written["Manager"].text
    assert inside.link("activities:request", draft.pk) in written["Leader"].html

    requests.decline(draft, by=people["leader"], words="We run one ourselves")
    written = letters(draft)
    assert written["Teacher"].subject == "Declined: Maths day"
    assert "We run one ourselves" in written["Teacher"].text
    assert "You can appeal" in written["Teacher"].html
    assert written["Leader"] is None  # nothing is left to do


def test_put_off_it_comes_back_on_its_day(people, inside, asked, monkeypatch):
    until = clock.today() + timedelta(days=3)
    requests.let_wait(asked, by=people["leader"], until=until, words="Money")
    assert not list(emails.put_off_until_today(inside, clock.now()))

    later = clock.now() + timedelta(days=3)
    (due,) = emails.put_off_until_today(inside, later)
    assert due.staff == people["leader"]


# --- home ---------------------------------------------------------------------------------------
def home(staff):
    return [line.text for line in todo.lines_for(staff, now=clock.now())]


def test_home_says_what_waits_and_what_was_answered(people, inside, asked):
    large = RequestFactory(school=inside, staff=people["teacher"], fee=900)

    assert "2 requests wait for your decision" in home(people["leader"])
    assert "1 request waits for your decision" in home(people["head"])
    assert "Your request was answered" not in home(people["teacher"])

    requests.decline(large, by=people["head"], words="Too much")
    assert "Your request was answered" in home(people["teacher"])
    assert "1 request waits for your decision" in home(people["leader"])


# --- what the database keeps ------------------------------------------------------------------
def test_a_step_is_never_changed(people, asked):
    requests.comment(asked, by=people["manager"], words="Yes")

    for deed in (
        lambda: asked.steps.update(words="No"),
        lambda: asked.steps.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            deed()


@pytest.mark.parametrize(
    "change",
    [
        {"state": "draft"}, {"state": "approved"}, {"state": "waiting"}, {"fee": -1},
        {"booked_at": clock.now()}, {"ends_on": "2020-01-01"}, {"title": ""}, {"why": ""},
    ],
)  # fmt: skip
def test_what_must_never_be_is_refused(asked, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        Request.objects.filter(pk=asked.pk).update(**change)
