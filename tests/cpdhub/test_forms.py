"""Two people editing one record: nothing is overwritten silently, nothing typed is lost."""

import pytest
from django.template import Context, Template
from django_scopes.forms import SafeModelChoiceField

from cpdhub.forms import RevisionModelForm
from cpdhub.models import Judgement, Priority
from cpdhub.walls import school_scope
from tests.factories import JudgementFactory, PriorityFactory


class PriorityTextForm(RevisionModelForm):
    class Meta:
        model = Priority
        fields = ["title", "why", "starts_on", "rag", "lead"]
        field_classes = {"lead": SafeModelChoiceField}


@pytest.fixture
def priority(school):
    return PriorityFactory(school=school, title="Talk", why="Because")


def sent(**changes):
    return {"title": "Talk", "why": "Because", "rag": "not_started", "revision": "1", **changes}


def form_for(priority, data):
    return PriorityTextForm(data, instance=Priority.objects.get(pk=priority.pk))


def test_form_carries_the_revision_it_was_made_from(school, priority):
    with school_scope(school):
        form = PriorityTextForm(instance=priority)

    assert '<input type="hidden" name="revision" value="1"' in form["revision"].as_widget()


def test_saving_alone_goes_through_and_bumps_the_revision(school, priority):
    with school_scope(school):
        form = form_for(priority, sent(title="Talk more"))
        assert form.is_valid()
        form.save()
        priority.refresh_from_db()

    assert (priority.title, priority.revision) == ("Talk more", 2)


def test_second_editor_sees_the_difference_and_keeps_their_text(school, priority):
    with school_scope(school):
        first = form_for(priority, sent(why="First", starts_on="2026-09-01"))
        assert first.is_valid()
        first.save()

        second = form_for(priority, sent(why="Second"))
        assert not second.is_valid()

        assert [(d.label, d.theirs, d.yours) for d in second.differences] == [
            ("Why this, why now", "First", "Second"),
            ("Starts on", "1 September 2026", "(empty)"),
        ]
        assert second["why"].value() == "Second"
        assert second["revision"].value() == 2
        assert "changed this while you were writing" in second.non_field_errors()[0]
        page = Template("{% error_summary form %}").render(Context({"form": second}))
        assert "<td>First</td><td>Second</td>" in page
        assert Priority.objects.get().why == "First"

        again = form_for(priority, sent(why="Second", revision=second["revision"].value()))
        assert again.is_valid()
        again.save()
        priority.refresh_from_db()

    assert (priority.why, priority.revision) == ("Second", 3)


@pytest.mark.parametrize("revision", ["", "0", "999", None])
def test_forged_or_missing_revision_counts_as_stale(school, priority, revision):
    data = sent(why="Mine", revision=revision)
    if revision is None:
        del data["revision"]

    with school_scope(school):
        assert not form_for(priority, data).is_valid()
        assert Priority.objects.get().why == "Because"


def test_fields_that_are_not_on_the_form_keep_what_a_colleague_saved(school, priority):
    with school_scope(school):
        form = form_for(priority, sent(title="Talk more"))
        Priority.objects.filter(pk=priority.pk).update(pupils="Year 4")
        assert form.is_valid()
        form.save()

        assert Priority.objects.get().pupils == "Year 4"


def test_record_deleted_meanwhile_is_said_and_text_kept(school, priority):
    with school_scope(school):
        form = form_for(priority, sent(why="Mine"))
        Priority.objects.all().delete()

        assert not form.is_valid()
        assert "deleted this" in form.non_field_errors()[0]
        assert form["why"].value() == "Mine"


def test_text_that_is_no_value_is_shown_as_typed(school, priority):
    with school_scope(school):
        Priority.objects.filter(pk=priority.pk).update(revision=2)
        form = form_for(priority, sent(starts_on="soon"))
        form.is_valid()

        assert [(d.theirs, d.yours) for d in form.differences] == [("(empty)", "soon")]


def test_new_record_needs_no_revision(school):
    class JudgementForm(RevisionModelForm):
        class Meta:
            model = Judgement
            fields = ["statement"]

    item = JudgementFactory(school=school).item
    with school_scope(school):
        Judgement.objects.all().delete()
        form = JudgementForm({"statement": "Good"}, instance=Judgement(school=school, item=item))
        assert form.is_valid()
        assert form.save().revision == 1
