"""The two walls, each alone."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django_scopes.exceptions import ScopeError

from cpdhub.models import School, Staff
from cpdhub.walls import installation_scope, person_scope, school_scope
from tests.factories import SchoolFactory, StaffFactory


@pytest.fixture
def two_people(db):
    return StaffFactory(), StaffFactory()


def test_query_without_open_school_raises(two_people):
    with pytest.raises(ScopeError):
        Staff.objects.count()


def test_open_school_shows_its_own_rows_only(two_people):
    ours, theirs = two_people

    with school_scope(ours.school):
        assert list(Staff.objects.all()) == [ours]


def test_the_filter_is_built_once_and_follows_the_open_school(two_people):
    """The database would hide the others anyhow: what is asked counts here."""
    ours, theirs = two_people

    for number, person in enumerate((ours, theirs, ours)):
        with school_scope(person.school):
            assert f"IN ({person.school_id})" in str(Staff.objects.all().query)
            before = list(Staff.objects.all())
        added = StaffFactory(school=person.school)
        with school_scope(person.school):
            assert set(Staff.objects.all()) == {*before, added}, number


def test_second_wall_alone_hides_other_schools(two_people):
    ours, theirs = two_people

    with school_scope(ours.school), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM cpdhub_staff")
        assert cursor.fetchall() == [(ours.pk,)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cpdhub_staff")
        assert cursor.fetchone() == (0,)


def test_writing_into_another_school_is_refused(two_people):
    ours, theirs = two_people

    with pytest.raises(DatabaseError), school_scope(ours.school):
        Staff(school=theirs.school, first_name="A", last_name="B").save()


def test_row_cannot_point_at_another_schools_row(two_people):
    ours, theirs = two_people

    with pytest.raises(DatabaseError, match="same_school"):
        _point_at(ours, theirs)


def _point_at(ours, theirs):
    with school_scope(ours.school), connection.cursor() as cursor:
        Staff.objects.filter(pk=ours.pk).update(line_manager_id=theirs.pk)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_nested_scopes_and_errors_restore_the_outer_school(two_people):
    ours, theirs = two_people

    with school_scope(ours.school):
        with pytest.raises(ZeroDivisionError), school_scope(theirs.school):
            raise ZeroDivisionError
        with school_scope(theirs.school):
            assert list(Staff.objects.all()) == [theirs]
        assert list(Staff.objects.all()) == [ours]


def test_own_posts_are_read_before_a_school_is_open_and_never_changed(two_people):
    ours, theirs = two_people

    with person_scope(ours.user_id):
        assert list(Staff.across.all()) == [ours]
        assert Staff.across.update(job_title="Head") == 0


def test_school_is_opened_by_the_installation_only(db):
    school = SchoolFactory()

    with pytest.raises(DatabaseError), transaction.atomic():
        School.objects.create(name="New", slug="new", urn="999999")
    assert School.objects.filter(pk=school.pk).update(name="Changed") == 0
    with installation_scope():
        assert School.objects.filter(pk=school.pk).update(name="Changed") == 1


def test_every_table_with_a_school_has_row_security(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE a.attname = 'school_id' AND c.relkind = 'r' AND NOT ("
            "   c.relrowsecurity AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid))"
        )
        assert cursor.fetchall() == []


def test_every_model_with_a_school_refuses_to_answer_while_none_is_open(db):
    """The first wall, model by model: history, and rows that may be of no school, included."""
    answering = []
    for model in apps.get_models():
        if "school" in {field.name for field in model._meta.fields}:
            try:
                model._default_manager.first()
            except ScopeError:
                continue
            answering.append(model._meta.label)

    assert answering == []


def test_every_key_between_tables_of_a_school_stays_inside_it(db):
    """Each foreign key from one walled table to another has a twin with the school in it or, of
    what a network shares, with the network."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH keys AS (
                SELECT con.conrelid, con.confrelid, con.conname,
                       array_agg(a.attname ORDER BY a.attname) AS columns
                FROM pg_constraint con
                JOIN pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = ANY(con.conkey)
                WHERE con.contype = 'f' GROUP BY 1, 2, 3)
            SELECT conrelid::regclass::text, columns[1] FROM keys k
            WHERE cardinality(columns) = 1
            AND conrelid::regclass::text NOT LIKE 'cpdhub_framework%%'
            AND confrelid::regclass::text NOT LIKE 'cpdhub_framework%%'
            AND columns[1] NOT IN ('school_id', 'network_id')
            AND (conrelid::regclass::text, columns[1]) NOT IN (
                -- to what is shipped or one's own: a trigger looks instead
                ('audits_instrument', 'copied_from_id'), ('audits_round', 'instrument_id'),
                ('audits_answer', 'question_id'), ('audits_result', 'question_id'),
                ('audits_needsource', 'question_id'), ('activities_activity', 'form_id'),
                ('activities_entitlement', 'copied_from_id'),
                ('activities_entitlementuse', 'entitlement_id'),
                ('activities_activitystep', 'step_id'), ('activities_received', 'step_id'),
                ('evaluation_schemeuse', 'scheme_id'), ('evaluation_submission', 'scheme_id'),
                ('evaluation_submission', 'stage_id'),
                ('evaluation_submissionentry', 'dimension_id'),
                ('evaluation_pupilvoice', 'instrument_id'),
                -- to what another school opened: between two schools by nature
                ('networks_schoolplaces', 'offer_id')
            )
            AND EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = conrelid
                        AND attname = 'school_id')
            AND EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = confrelid
                        AND attname = 'school_id')
            AND NOT EXISTS (SELECT 1 FROM keys twin WHERE twin.conrelid = k.conrelid
                AND twin.confrelid = k.confrelid
                AND twin.columns @> k.columns
                AND twin.columns && ARRAY['school_id'::name, 'network_id'::name, 'host_id'::name])
            """
        )
        assert cursor.fetchall() == []


def test_history_belongs_to_the_school_and_is_never_changed(two_people):
    ours, theirs = two_people
    event = Staff.pgh_event_model

    with school_scope(ours.school):
        Staff.objects.filter(pk=ours.pk).update(job_title="Deputy")
        assert list(event.objects.values_list("pgh_label", "job_title")) == [
            ("insert", "Teacher"),
            ("update", "Deputy"),
        ]
        with pytest.raises(DatabaseError), transaction.atomic():
            event.objects.all().delete()
