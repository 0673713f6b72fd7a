"""The demo school: there for newcomers, never near real data."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F

from activities.design import facts
from activities.design.check import balance
from activities.models import (
    Activity,
    Contract,
    Design,
    Equipment,
    Loan,
    Provider,
    ProviderOffer,
)
from activities.places import still_to_come
from audits import helpers
from audits.models import (
    Answer,
    Expertise,
    HelpRequest,
    Need,
    Response,
    Result,
    Round,
    Topic,
)
from cpdhub import clock
from cpdhub.models import (
    AcademicYear,
    AreaComment,
    AreaForImprovement,
    Contributor,
    Framework,
    FrameworkItem,
    Judgement,
    Policy,
    PolicyReader,
    Priority,
    School,
    Staff,
    SubPlan,
    User,
)
from cpdhub.roof.demo import audits, schools
from cpdhub.walls import school_scope
from evaluation import judgements
from evaluation.models import (
    Certificate,
    ImpactRound,
    LearningWalk,
    LookFors,
    Observation,
    OpenDoor,
    Portfolio,
    PortfolioLink,
    PupilVoice,
    SharingPlan,
    Submission,
    UnplannedGain,
)
from evaluation.observed import themes
from evaluation.pupils_voice import beside
from evaluation.school_year import so_far
from evaluation.terms import last_half_term_ended


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    """Once for all tests here: each works in a savepoint of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("seed_demo", verbosity=0)
        with connection.cursor() as cursor:  # what was put off, or each test here checks it anew
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(seeded, db):
    return School.objects.get(slug="oakfield-primary")


def test_demo_school_has_believable_people(demo):
    today = clock.today()

    with school_scope(demo):
        assert Staff.objects.live(today).on_staff().count() == 60
        groups = set(Staff.objects.on_staff().values_list("group", flat=True))
        assert groups == {"teacher", "assistant", "support"}
    riverside = School.objects.get(slug="riverside-secondary")
    with school_scope(riverside):
        assert Staff.objects.live(today).on_staff().count() == 120


def test_every_promised_sign_in_works(demo, client):
    locals_ = ["head", "cpd", "team", "teacher", "ta", "office", "governor", "data"]
    addresses = [f"{local}@oakfield.example" for local in locals_]

    for address in [*addresses, "admin@hub.example", "cpd@riverside.example"]:
        assert User.objects.get(email=address).check_password(schools.PASSWORD)


def test_cpd_leader_of_one_school_is_a_teacher_in_the_other(demo):
    riverside = School.objects.get(slug="riverside-secondary")

    with school_scope(riverside):
        assert Staff.objects.get(user__email="cpd@oakfield.example").roles == []


def test_oakfield_has_closed_audits_and_an_open_survey(demo):
    with school_scope(demo):
        audits = Round.objects.audits().with_rate()
        pulses = audits.filter(instrument__code="is-it-shared")
        assert [pulse.state for pulse in pulses] == ["closed", "closed"]
        others = audits.exclude(pk__in=pulses.values("pk"))
        climate, digital, before, named = others.order_by("mode", "-closes_on")
        assert (digital.mode, digital.state) == ("confidential", "closed")
        assert digital.instrument == before.instrument
        assert (named.mode, named.state) == ("named", "closed")
        assert 0.6 < digital.answered / digital.invited < 1
        assert (climate.mode, climate.state) == ("anonymous", "open")
        assert 0.3 < climate.answered / climate.invited < 0.7
        asked = (climate, digital, before, named)
        counted = Response.objects.counted().filter(round__in=asked)
        assert counted.count() == sum(each.answered for each in asked)
        told = set(Result.objects.filter(round__in=asked).values_list("round", flat=True))
        assert told == {digital.pk, before.pk, named.pk}
        assert Result.objects.filter(round=digital, breakdown="rank", n__gte=5).exists()
        values = set(Answer.objects.values_list("value", flat=True))
    assert {1, 2, 3, 4} <= values


def test_oakfield_has_a_policy_that_some_have_read(demo):
    with school_scope(demo):
        policy = Policy.objects.in_force().get()
        assert (policy.version, policy.objectives.filter(priority__state="live").count()) == (2, 1)
        readers = PolicyReader.objects.filter(policy=policy)
        assert 10 < readers.count() < Staff.objects.on_staff().count()
        assert not readers.filter(staff__email__startswith="teacher@").exists()


def test_demo_teacher_has_a_portfolio_and_a_link_that_works(demo):
    with school_scope(demo):
        portfolio = Portfolio.objects.get(owner__email__startswith="teacher@")
        kinds = set(portfolio.items.values_list("kind", flat=True))
        assert kinds >= {"activity", "reflection", "role", "words"}
        assert PortfolioLink.objects.working(clock.today()).get().opened == 2
        assert portfolio.links.count() == 2


def test_oakfield_recognises_work_and_one_piece_waits(demo):
    with school_scope(demo):
        states = Submission.objects.order_by("state").values_list("state", flat=True)
        assert list(states) == ["draft", "recognised", "sent"]
        assert Certificate.objects.valid().filter(is_recognition=True).count() == 1
        assert Certificate.objects.valid().filter(is_recognition=False).count() == 2
        assert Certificate.objects.shown().count() == 2
        assert SharingPlan.objects.done().count() == 1
        assert SharingPlan.objects.still_to_come().count() == 2
        waiting = Submission.objects.get(state="sent")
        assert waiting.verifier.user_id
        assert waiting.owner.line_manager_id != waiting.verifier_id


def test_demo_teacher_writes_an_area_with_the_leaders(demo):
    with school_scope(demo):
        assert Contributor.objects.filter(staff__email__startswith="teacher@").exists()
        assert AreaComment.objects.count() == 2


def test_demo_has_candidates_from_an_inspection_some_of_them_weighed(demo):
    with school_scope(demo):
        candidates = list(AreaForImprovement.objects.candidates())
    assert [row.pressing for row in candidates] == [4, 2, None]
    assert {row.source for row in candidates} == {"inspection", "self_evaluation"}


def test_oakfield_has_a_sub_plan_with_a_live_priority(demo):
    with school_scope(demo):
        assert SubPlan.objects.get().priorities.live().count() == 1


def test_oakfield_has_a_framework_of_its_own_and_judgements_by_the_areas_before(demo):
    with school_scope(demo):
        own = Framework.objects.filter(school=demo, code="our-habits")
        new = FrameworkItem.objects.select_related("framework").get(
            code="curriculum-and-teaching", framework__version="November 2025"
        )

        assert [framework.version for framework in own.order_by("pk")] == ["2024", "2025"]
        assert [str(said) for said in Judgement.objects.before(new)] == [
            "Quality of education: Good"
        ]


def test_oakfield_offers_help_and_one_person_has_enough(demo):
    with school_scope(demo):
        today = clock.today()
        offers = Expertise.objects.all()
        assert offers.offered(today=today).count() >= 25
        assert offers.filter(audience="me").exists()
        assert offers.on_display(today=today).count() == 6
        assert set(offers.values_list("staff__group", flat=True)) == {
            "teacher",
            "assistant",
            "support",
        }
        assert set(HelpRequest.objects.values_list("state", flat=True)) == {
            "asked",
            "accepted",
            "done",
        }
        assert HelpRequest.objects.thanked().count() == 1
        assert Activity.objects.filter(help_request__isnull=False, state="planned").count() == 1
        teacher = Staff.objects.get(email="teacher@oakfield.example")
        topic = Topic.objects.get(title="Spreadsheets")
        found = helpers.who_can_help(topic, for_staff=teacher, today=today)
        assert [helpers.is_busy(offer) for offer in found] == [False, False, True]


def test_oakfield_tells_what_worked_and_what_did_not(demo):
    """One priority shows an effect, one had something without any; most of the rest is judged."""
    with school_scope(demo):
        today = clock.today()
        types = judgements.by_type(judgements.judged())
        assert judgements.finding(types)
        assert sum(row.stopped for row in types) >= 3
        year = AcademicYear.objects.get(starts_on__lte=today, ends_on__gte=today)
        live = list(Priority.objects.live().filter(plan__year=year))
        judged = judgements.per_priority(live)
        assert any(row.number.get("not_yet") for row in judged.values())
        assert any(row.strength == "Repeated measure" for row in judged.values())
        assert 0 < judgements.to_judge(today=today).count() < 25
        assert ImpactRound.objects.filter(round__state="closed").count() > 5
        assert set(UnplannedGain.objects.values_list("is_good", flat=True)) == {True, False}


def test_demo_gives_the_same_answers_every_time(demo):
    with school_scope(demo):
        crew = list(Staff.objects.order_by("pk"))
        audits.ask(demo, crew, now=clock.now(), today=clock.today())

        for title in set(Round.objects.audits().values_list("title", flat=True)):
            first, again = (
                sorted(
                    Answer.objects.filter(response__round=made).values_list(
                        "question", "value", "text", "response__group"
                    ),
                    key=str,
                )
                for made in Round.objects.filter(title=title)
            )
            assert first == again


def test_oakfield_knows_what_it_needs(demo):
    with school_scope(demo):
        needs = Need.objects.with_whom()
        assert set(needs.values_list("status", flat=True)) >= {
            "identified",
            "agreed",
            "met",
            "set_aside",
        }
        assert set(needs.values_list("whom", flat=True)) >= {"person", "group", "school"}
        assert needs.filter(is_shared=False).exists()
        assert Topic.objects.filter(needs__level_now=1).filter(needs__level_now=2).exists()


def test_seeding_twice_changes_nothing(demo):
    with school_scope(demo):
        before = Activity.objects.count()

    call_command("seed_demo", verbosity=0)

    with school_scope(demo):
        assert Activity.objects.count() == before


def test_seeding_is_refused_outside_a_trial(db, settings):
    settings.DEBUG = settings.TRIAL = settings.TESTING = False

    with pytest.raises(CommandError, match="not a trial"):
        call_command("seed_demo")


def test_oakfield_has_places_to_book_and_providers(demo):
    with school_scope(demo):
        full = Activity.objects.get(title__startswith="INSET workshop")
        assert full.places.left_to_book(full.participations.count()) == 0
        assert full.bookings.waiting().count() == 4
        training = Activity.objects.get(title="Moving and handling")
        assert len(still_to_come(training.places, clock.today())) == 2
        twilight = Activity.objects.get(title__startswith="Optional twilight")
        assert twilight.bookings.invited().count() == 2
        assert Provider.objects.count() == 4
        assert any(offer.product for offer in ProviderOffer.objects.all() if offer.warnings)
        assert Contract.objects.filter(days_used__lt=F("days_bought")).count() == 2


def test_oakfield_thinks_before_it_spends_and_lends_its_things(demo):
    with school_scope(demo):
        balances = {
            str(design.activity): bool(balance(of_design(design)).missing)
            for design in Design.objects.exclude(activity__features=None).select_related("activity")
        }
        assert len(balances) == 5
        assert not balances["Coaching cycle: Tom and Priya"]
        assert balances["INSET day in four twilights: feedback"]
        assert Design.objects.exclude(one_session_because="").count() == 1
        assert Design.objects.filter(activity__state="draft").exclude(topic=None).count() == 1
        assert Equipment.objects.count() == 5
        assert Loan.objects.open().count() == 2
        assert Loan.objects.overdue(clock.today()).count() == 1


def of_design(design):
    ticked = [
        feature.item for feature in design.activity.features.select_related("item__framework")
    ]
    return facts.of(design.activity, ticked=ticked, design=design)


def test_oakfield_watches_and_is_watched(demo):
    with school_scope(demo):
        today = clock.today()
        states = set(Observation.objects.values_list("state", flat=True))
        assert states == {"asked", "agreed", "held", "closed"}
        assert Observation.objects.filter(kind="joint", agreed_note="").count() == 0
        assert Observation.objects.filter(purpose="induction").exists()
        head = Staff.objects.get(email="head@oakfield.example")
        assert not Observation.objects.visible_to(head).exists()
        leader = Staff.objects.get(email="cpd@oakfield.example")
        assert Observation.objects.shared_with(leader).count() == 1
        assert [version.version for version in LookFors.objects.all()] == [2, 1]
        assert OpenDoor.objects.open(today=today).count() == 4
        assert LearningWalk.objects.visible_to(head).count() == 2
        year = AcademicYear.objects.with_half_terms().containing(today)
        if (today - year.starts_on).days > 80:
            until = last_half_term_ended([year], today=today)
            found = themes(so_far(year, today=today), until=until)
            assert any(theme.steps for theme in found)


def test_oakfield_listens_to_pupils_and_parents(demo):
    with school_scope(demo):
        told = PupilVoice.objects.exclude(closed_at=None)
        assert sorted(voice.answered or 0 for voice in told) == [0, 18, 26, 26]
        after = told.get(before__isnull=False)
        (line, before), *_ = beside(after)
        assert (before.counts, line.counts) == ([4, 7, 10, 5], [8, 10, 6, 2])
        assert after.activity is not None
        assert PupilVoice.objects.get(closed_at=None).sheets.count() == 13
