"""The dashboard narrowed to a priority, a team, a form: said in words, kept by every link."""

import re
from html import unescape

import pytest

from cpdhub import clock, jobs
from cpdhub.models import Job
from cpdhub.walls import school_scope
from cpdhub.years import add_year, first_year_of
from evaluation import report
from tests.evaluation.test_figures import serve
from tests.factories import (
    ActivityFormFactory,
    ImpactReviewFactory,
    PlanFactory,
    PriorityFactory,
    StaffFactory,
    TeamFactory,
)
from tests.helpers import url


@pytest.fixture(autouse=True)
def on_a_november_day(at):
    at("2026-11-22 12:00")


@pytest.fixture
def plan(school):
    with school_scope(school):
        add_year(school, first_year_of(clock.today()) - 1)
        year = add_year(school, first_year_of(clock.today()))
    return PlanFactory(school=school, year=year)


@pytest.fixture
def priority(school, plan):
    return PriorityFactory(school=school, plan=plan, live=True, title="Talk")


@pytest.fixture
def team(school):
    return TeamFactory(school=school, name="Lower KS2")


@pytest.fixture
def form(school):
    return ActivityFormFactory(school=school, title="Lesson study")


@pytest.fixture
def done(school, priority, team, form):
    """One activity of the team in the form, one of others in none."""
    ours = StaffFactory.create_batch(2, school=school, team=team)
    others = StaffFactory.create_batch(3, school=school)
    first = serve(priority, people=ours, came=ours, form=form, title="Ours", cost=90)
    ImpactReviewFactory(school=school, activity=first, closed=True, pupils_verdict="met")
    second = serve(priority, people=others, came=others[:1], title="Theirs", cost=400)
    ImpactReviewFactory(school=school, activity=second, closed=True, pupils_verdict="met")
    return first, second


def links_on(page):
    return [unescape(link) for link in re.findall(r'href="(/s/[^"#]+)"', page)]


def test_every_figure_obeys_and_every_link_keeps_it(
    sign_in, school, head, priority, team, form, done
):
    client = sign_in(head)
    page = client.get(f"{url(school, 'impact:dashboard')}?team={team.pk}&form={form.pk}")

    (row,) = page.context["rows"]
    assert [link.figure for link in row.links[1:3]] == ["1", "2 of 2"]
    assert row.cost == "£90"
    assert page.context["totals"].activities == 1
    assert [group.people for group in page.context["groups"]] == ["2"]
    assert "Team: Lower KS2. Form of activity: Lesson study." in page.text
    of_rows = [
        link
        for link in links_on(page.text)
        if re.search(r"/impact/(priorities|hours|year|reviews)/.", link)
    ]
    assert len(of_rows) > 10
    for link in of_rows:
        assert f"team={team.pk}" in link, link
        rows = client.get(link)
        assert rows.status_code == 200, link
        assert "Theirs" not in rows.text, link
    back = links_on(client.get(of_rows[0]).text)
    assert any(f"/impact/?year=2026/27&team={team.pk}&form={form.pk}" in link for link in back)


def test_what_is_of_the_whole_school_says_so(sign_in, school, head, priority, team, done):
    page = sign_in(head).get(f"{url(school, 'impact:dashboard')}?team={team.pk}").text

    assert "Pupils, whole school" in page
    assert "What pupils gained, and how a priority stands, is of the whole school." in page
    assert "Fees are those of whole activities" in page
    assert "The priority as a whole: not started" in page
    assert "participant hour" not in page


def test_one_priority_is_not_compared_with_a_year_it_was_not_in(
    sign_in, school, head, plan, priority, done
):
    PriorityFactory(school=school, plan=plan, live=True, title="Reading")
    client = sign_in(head)
    page = client.get(f"{url(school, 'impact:dashboard')}?priority={priority.pk}")

    assert [str(row.chain.priority) for row in page.context["rows"]] == ["Talk"]
    assert page.context["totals"].activities == 2
    assert "last year" not in page.text.lower()
    assert "last year" in client.get(url(school, "impact:dashboard")).text.lower()


@pytest.mark.parametrize("query", ["team=999999", "form=x", "priority=-1", "form=9e9"])
@pytest.mark.parametrize("view", ["dashboard", "year", "hours"])
def test_what_names_nothing_is_not_found(sign_in, school, head, done, view, query):
    assert sign_in(head).get(f"{url(school, f'impact:{view}')}?{query}").status_code == 404


def test_governors_page_is_narrowed_by_nobody(sign_in, school, governor, head, team, done):
    for person in (governor, head):
        client = sign_in(person)
        whole = client.get(url(school, "impact:summary"))
        narrowed = client.get(f"{url(school, 'impact:summary')}?team={team.pk}")

        assert narrowed.context["rows"][0].chain.activities == 2
        assert narrowed.context["totals"] == whole.context["totals"]
        assert "Narrow these figures" not in narrowed.text


def test_teacher_learns_nothing_of_a_team_from_what_was_judged(
    sign_in, school, teacher, head, team, done
):
    address = f"{url(school, 'impact:reviews')}?team={team.pk}"

    assert "Theirs" in sign_in(teacher).get(address).text
    narrowed = sign_in(head).get(address).text
    assert "Theirs" not in narrowed
    assert "Activities in which Lower KS2 took part." in narrowed


def test_pdf_is_narrowed_as_the_page_was_and_governors_is_not(
    sign_in, school, head, team, form, done
):
    client = sign_in(head)
    page = client.get(f"{url(school, 'impact:dashboard')}?team={team.pk}").text
    assert f'<input type="hidden" name="team" value="{team.pk}">' in page

    for for_governors, narrowed in (("", "Team: Lower KS2."), ("1", "")):
        sent = {"year": "2026/27", "period": "2026/27", "team": team.pk}
        answer = client.post(url(school, "impact:report"), sent | {"for_governors": for_governors})
        with school_scope(school):
            job = Job.objects.get(uuid=answer.url.rstrip("/").split("/")[-1])
            found = report._narrowed(job, job_year(job))
        assert (found.words if found else "") == narrowed
        jobs.run(school_id=school.pk, job_id=job.pk)
        with school_scope(school):
            job.refresh_from_db()
            assert job.state == Job.State.DONE, job.error


def job_year(job):
    return report.AcademicYear.objects.get(pk=job.params["year"])


def test_pdf_of_a_team_that_is_gone_says_so(school, head, plan):
    with school_scope(school):
        job = Job(params={"narrowed": {"team": "999999"}}, requested_by=head)
        with pytest.raises(jobs.JobFailed, match="not there any more"):
            report._narrowed(job, plan.year)


def test_report_of_one_priority_offers_its_year_only(sign_in, school, head, priority, done):
    client, page = sign_in(head), url(school, "impact:dashboard")

    whole, one = (
        dict(client.get(address).context["form"].fields["period"].choices)
        for address in (page, f"{page}?priority={priority.pk}")
    )

    assert "2025/26 autumn" in whole
    assert set(one) == {"2026/27", "2026/27 autumn"}


def test_page_with_an_error_keeps_what_it_was_narrowed_to(sign_in, school, head, team, done):
    sent = {"year": "2026/27", "period": "never", "team": team.pk}

    page = sign_in(head).post(url(school, "impact:report"), sent)

    assert page.status_code == 200
    assert "Choose a term, or the year, from the list." in page.text
    assert page.context["narrowing"].part.team == team.pk
