"""A person's whole record as a table and as a document: theirs to take away."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from activities.models import Attendance
from audits.models import Expertise, HelpRequest, Need
from cpdhub import clock
from cpdhub.templatetags.cpdhub import hours as in_hours
from evaluation.models import Comment, OwnUse, Post, Qualification, Reflection
from evaluation.record import Record

FORMAT = "cpdhub-record"
VERSION = 1
COLUMNS = (
    "From", "To", "What", "Title", "Type", "Counts as", "Hours", "Own learning", "In own time",
    "Led by", "Shared with", "What I will try", "What I learned", "What I saw in pupils",
)  # fmt: skip


def _activities(record: Record) -> list[Any]:
    return record.with_hours(record.activities().select_related("type", "lead"))


def rows(record: Record) -> Iterator[tuple[Any, ...]]:
    """Activities, then reflections, newest first."""
    for row in _activities(record):
        yield (
            _day(row.began_at), _day(row.last_at), "Activity", row.title, row.type.title,
            row.get_kind_display(), in_hours(row.my_time) if row.my_time is not None else "",
            row.is_own_learning, row.is_own_time, row.lead or row.led_by, "", "", "", "",
        )  # fmt: skip
    for reflection in _reflections(record):
        yield (
            reflection.written_on, reflection.written_on, "Reflection", reflection.about, "", "",
            "", "", "", "", _shared_with(reflection), *(
                getattr(reflection, name) for name in Reflection.TEXTS
            ),
        )  # fmt: skip


def document(record: Record) -> dict[str, Any]:
    """Described key by key in docs/record-format.md; add keys freely, change none."""
    person = record.person
    sessions = _sessions(record)
    return {
        "format": FORMAT,
        "version": VERSION,
        "exported_at": _moment(record.now),
        "person": {
            "name": person.name,
            "job_title": person.job_title,
            "email": person.email,
            "school": person.school.name,
            "urn": person.school.urn,
        },
        "activities": [
            {
                "title": row.title,
                "type": row.type.title,
                "purpose": row.purpose,
                "counts_as": row.kind,
                "is_own_learning": row.is_own_learning,
                "is_own_time": row.is_own_time,
                "is_private": row.is_private,
                "led_by": row.lead.name if row.lead else row.led_by,
                "began_on": _day(row.began_at).isoformat(),
                "last_on": _day(row.last_at).isoformat(),
                "hours": _number(row.my_time),
                "sessions": sessions[row.pk],
            }
            for row in _activities(record)
        ],
        "reflections": [_reflection(row) for row in _reflections(record)],
        "needs": [_need(row) for row in _needs(record)],
        "uses": _uses(record),
        "qualifications": _qualifications(record),
        **_help(record),
        **_staffroom(record),
    }


def _qualifications(record: Record) -> list[dict[str, Any]]:
    rows = Qualification.objects.owned_by(record.person).select_related("file")
    return [
        {
            "kind": row.kind,
            "title": row.title,
            "awarded_by": row.awarded_by,
            "level": row.level,
            "credits": row.credits,
            "state": row.state,
            "begun_on": row.begun_on and row.begun_on.isoformat(),
            "awarded_on": row.awarded_on and row.awarded_on.isoformat(),
            "put_forward_by": row.put_forward_by,
            "in_class": row.in_class,
            "file": row.file.name if row.file else None,
            "steps": [
                {
                    "asked": step.asked,
                    "shown_by": step.shown_by,
                    "met_on": step.met_on and step.met_on.isoformat(),
                }
                for step in row.steps.all()
            ],
        }
        for row in rows.prefetch_related("steps")
    ]


def _needs(record: Record) -> Any:
    own = Need.objects.owned_by(record.person).select_related("topic")
    return own.prefetch_related("sources__round", "sources__question", "sources__priority")


def _need(row: Need) -> dict[str, Any]:
    return {
        "title": row.title,
        "topic": row.topic.title if row.topic else None,
        "pupils": row.pupils,
        "level_now": row.get_level_now_display(),
        "level_wanted": row.get_level_wanted_display(),
        "is_shared": row.is_shared,
        "status": row.status,
        "because": row.because,
        "known_by": [str(source) for source in row.sources.all()],
        "identified_on": row.identified_on.isoformat(),
        "met_on": row.met_on.isoformat() if row.met_on else None,
    }


def _uses(record: Record) -> list[dict[str, Any]]:
    return [
        {
            "innovation": row.innovation.title,
            "level": row.level,
            "said_on": row.said_on.isoformat(),
        }
        for row in OwnUse.objects.owned_by(record.person).select_related("innovation")
    ]


def _help(record: Record) -> dict[str, Any]:
    """What the person offers colleagues, whom they asked for what, and the thanks they got."""
    me = record.person
    asks = list(HelpRequest.objects.visible_to(me).with_names())
    offers = Expertise.objects.owned_by(me).select_related("topic").order_by("topic__title", "pk")
    return {
        "offers": [
            {
                "topic": row.topic.title,
                "level": row.get_level_display(),
                "text": row.text,
                "ways": row.ways,
                "times": row.times,
                "is_talent": row.is_talent,
                "audience": row.audience,
            }
            for row in offers
        ],
        "asked": [
            {
                "whom": row.helper.name,
                "topic": row.topic.title,
                "message": row.message,
                "asked_on": row.asked_on.isoformat(),
                "state": row.state,
                "thanks": row.thanks,
            }
            for row in asks
            if row.asker_id == me.pk
        ],
        "thanks": [
            {"from": row.asker.name, "topic": row.topic.title, "words": row.thanks}
            for row in asks
            if row.helper_id == me.pk and row.thanks
        ],
    }


def _staffroom(record: Record) -> dict[str, Any]:
    """What the person posted, drafts too, and what they said to posts; never what others said."""
    mine = Post.objects.filter(by=record.person).select_related("activity", "priority", "file")
    said = Comment.objects.filter(by=record.person).select_related("post")
    return {
        "posts": [_post(row) for row in mine.order_by("-begun_at", "-pk")],
        "comments": [
            {
                "post": None if row.post.is_hidden else row.post.title,
                "text": row.text,
                "written_at": _moment(row.written_at),
            }
            for row in said.order_by("-written_at", "-pk")
        ],
    }


def _post(row: Post) -> dict[str, Any]:
    activity, priority = row.shown_activity, row.shown_priority
    return {
        "kind": row.kind,
        "title": row.title,
        "text": row.text,
        "link": row.url,
        "file": row.file.name if row.file else None,
        "activity": activity.title if activity else None,
        "priority": priority.title if priority else None,
        "posted_at": _moment(row.posted_at) if row.posted_at else None,
        "ends_on": row.ends_on.isoformat() if row.ends_on else None,
        "review_on": row.review_on.isoformat() if row.review_on else None,
        "licence": row.licence,
        "hidden_because": row.hidden_because,
    }


def _reflection(row: Reflection) -> dict[str, Any]:
    return {
        "about": row.about,
        "title": row.title,
        "is_private": bool(row.activity and row.activity.is_private),
        "activity": row.activity.title if row.activity else None,
        "written_on": row.written_on.isoformat(),
        **{name: getattr(row, name) for name in Reflection.TEXTS},
        "audience": row.audience,
        "readers": [reader.staff.name for reader in row.readers.all()],
        "draft": row.unsaved() or None,
    }


def _reflections(record: Record) -> Any:
    """With the drafts: what somebody takes away is everything they wrote."""
    return (
        Reflection.objects.owned_by(record.person)
        .select_related("activity")
        .prefetch_related("readers__staff")
    )


def _sessions(record: Record) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in (
        Attendance.objects.filter(staff=record.person)
        .select_related("session")
        .order_by("session__starts_at", "pk")
    ):
        found[row.session.activity_id].append(
            {
                "starts_at": _moment(row.session.starts_at),
                "ends_at": _moment(row.session.ends_at),
                "place": row.session.place,
                "was_present": row.was_present,
            }
        )
    return found


def _shared_with(reflection: Reflection) -> str:
    names = ", ".join(reader.staff.name for reader in reflection.readers.all())
    return names or reflection.get_audience_display()


def _day(moment: datetime) -> Any:
    return moment.astimezone(clock.LONDON).date()


def _moment(moment: datetime) -> str:
    return moment.astimezone(clock.LONDON).isoformat(timespec="seconds")


def _number(time: Any) -> float | None:
    return None if time is None else round(time.total_seconds() / 3600, 2)
