"""What colleagues of the demo school tell each other, and what they say to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cpdhub import clock
from cpdhub.models import School, Staff
from evaluation import bulletins, posts
from evaluation.models import Bulletin, Certificate, Comment, Post

K = Post.Kind


@dataclass
class Said:
    """One post: who, so many days ago, from which activity; who answered what, days later."""

    by: str
    days: int
    kind: str
    title: str
    text: str
    activity: str = ""
    comments: tuple[tuple[str, int, str], ...] = ()
    more: dict[str, Any] = field(default_factory=dict)


def _account(needed: str, did: str, changed: str, again: str) -> str:
    heads = posts.PROMPTS[K.ACCOUNT].starter.split("\n\n")
    texts = (needed, did, changed, again)
    return "\n\n".join(f"{head.strip()}\n{text}" for head, text in zip(heads, texts, strict=True))


def _reading(says: str, think: str, question: str) -> str:
    heads = posts.PROMPTS[K.READING].starter.split("\n\n")
    texts = (says, think, question)
    return "\n\n".join(f"{head.strip()}\n{text}" for head, text in zip(heads, texts, strict=True))


PRINTED = {"may_be_printed": True}
SAID = (
    Said("Priya", 3, K.LOG, "Three seconds feel like a minute", "I count in my head now, and I put the question on the board before I ask it. On Monday four of the eight who never answer gave a reason. I still jump in when it is quiet. How do you stop yourself?", "talk for reasoning", (("Tom", 1, "I hold my pen in my left hand until I have counted. Silly, and it works."), ("Dawn", 2, "I watch the clock for you if you like.")), PRINTED),
    Said("Priya", 24, K.LOG, "Talk partners, week one", "Mixed pairs, one minute each, no hands up. Noisy on Tuesday, better on Thursday. What helped was one sentence stem on the table, not five.", "Questions that make pupils think", (("Marta", 1, "One stem only: we found the same in Year 1."),), PRINTED),
    Said("Dawn", 6, K.LIKED, "Counting beans in Reception", "Two pupils argued for five minutes about whether you can take eleven from nine, and nobody told them the answer. I came for the stapler and stayed.", "", (("Marta", 1, "Come again, stapler or not."),), PRINTED),
    Said("Tom", 9, K.LIKED, "The quiet start in Room 4", "Two minutes, one problem on the board, everybody writing before the register. I am going to try it with my own class on Monday.", "first two minutes", (), PRINTED),
    Said("Joel", 30, K.ACCOUNT, "Retrieval at the start of maths", _account("Year 5 forgot the methods of last term as soon as a new unit began.", "Four questions on the board every day: one from last lesson, one from last week, one from last term, one from last year. No marks; pupils check with a partner.", "The end-of-unit paper went from 52 % to 67 % on older content. We counted; it is two classes, so a small number.", "Again: the mix of old and new. Not again: collecting scores. It made the weaker ones hide."), "Retrieval practice", (("Priya", 2, "Thank you. How long does it take you by now?"), ("Joel", 3, "Six minutes, down from fifteen. Fewer questions, same four slots."), ("Carla", 4, "Could you show it in Lower KS2 after the holidays?")), {"licence": Post.Licence.BY, "is_agreed": True, "may_be_printed": True}),
    Said("Ruth", 75, K.ACCOUNT, "A calm corner that pupils choose themselves", _account("Three pupils left the room several times a day.", "A corner with a timer of five minutes, chosen by the pupil, never sent there. The class agreed the rules.", "Leaving the room fell from about six times a day to one. Teaching assistants say afternoons are different.", "Again: the timer, and that it is never a punishment. Not again: in a busy walkway."), "", (("Dawn", 1, "The rules on one card were what made it work in our room."),), {"licence": Post.Licence.BY_NC, "is_agreed": True}),
    Said("Marta", 12, K.RESOURCE, "Cards with sentence stems, to print", "Eight stems for reasons and eight for building on what somebody said. Print two to a page. One stem at a time does more than the whole set.", "modelling talk", (("Dawn", 1, "Laminated ones are in the drawer by the copier."),), PRINTED),
    Said("Joel", 400, K.RESOURCE, "Our marking codes on one page", "The codes as we agreed them, for the inside cover.", "", (("Ben", 3, "Printed and in the office."),), {"due": -35}),
    Said("Dawn", 20, K.RESOURCE, "The ten-words game: rules and cards", "For a group of five, ten minutes. Each word gets a picture and a movement. Works best straight after lunch.", "Phonics clinic", (), PRINTED),
    Said("Ruth", 15, K.READING, "On working memory and instructions", _reading("Pupils hold few new things at a time. Long spoken instructions are lost half way. Short steps that stay in sight help all, and some pupils most.", "It fits what I see in Year 3. It says little about what to do when the text is the problem.", "Which of our instructions could be three steps on the board?"), "", (("Tom", 2, "My list of seven for clearing up, to begin with."),), PRINTED),
    Said("Carla", 40, K.READING, "What makes coaching last", _reading("Coaching changes practice when it goes on for terms, has one aim at a time, and comes with time set aside.", "We have the aim and the terms. Time is where we cheat.", "What would we stop to have twenty minutes a week?"), "", (("Helen", 1, "A good question for the next leaders’ meeting."),)),
    Said("Carla", 2, K.NOTICE, "Open classrooms next week", "Five doors are open on Tuesday and Wednesday. Come for ten minutes, leave a note of one thing you liked. Cover for one visit each: ask Ben.", "", (("Ben", 1, "Two slots are left on Wednesday."),), {"lasts": 8, "may_be_printed": True}),
    Said("Helen", 5, K.NOTICE, "The library is open until five on Thursdays", "For reading, marking or a quiet talk. Tea is there.", "", (), {"lasts": 30}),
    Said("Carla", 50, K.NOTICE, "Sign up for the reading group", "We begin with one chapter. The list is on the board until Friday.", "", (), {"lasts": 10}),
    Said("Tom", 45, K.LOG, "The parents’ evening of Year 3", "I wrote this in a hurry after a hard evening.", "", (), {"hidden": "One family can be told from it. Write it again without the family, please."}),
    Said("Priya", 1, K.ACCOUNT, "Waiting in maths: half a term", _account("", "", "", ""), "", (), {"is_draft": True}),
)  # fmt: skip


def talk(school: School, crew: list[Staff], *, now: datetime) -> None:
    """Fifteen posts and a draft: one is hidden, one notice has ended, one resource is
    overdue; two bulletins."""
    people: dict[str, Staff] = {}
    for person in crew:
        people.setdefault(person.first_name, person)
    for said in SAID:
        post = _post(school, people, said, now)
        Comment.objects.bulk_create(
            Comment(
                school=school, post=post, by=people[who], text=text,
                written_at=post.begun_at + timedelta(days=later, hours=2),
            )
            for who, later, text in said.comments
        )  # fmt: skip
    _bulletins(school, people, now)
    reported = Comment.objects.get(text__startswith="Laminated ones")
    posts.report(reported, because="They are gone again. Who has them?", by=people["Ben"])


def _bulletins(school: School, people: dict[str, Staff], now: datetime) -> None:
    """One went out ten days ago, one is being made."""
    today = clock.day_of(now)
    attended = Certificate.objects.owned_by(people["Priya"]).filter(shown_at=None).first()
    if attended:
        Certificate.objects.filter(pk=attended.pk).update(shown_at=now - timedelta(days=3))
    for title, days, words, thanks, is_sent in (
        ("The staff bulletin before this one", 10, "A short one: two things worth ten minutes of your time, and what comes up.", "Ben, for the cover that made the visits possible.", True),
        ("The staff bulletin", 0, "Half a term of talk in maths. Here is what colleagues tried and liked.", "", False),
    ):  # fmt: skip
        last = today - timedelta(days=days)
        first = last - timedelta(days=30 if is_sent else 9)
        chosen = bulletins.may_be_ticked(first, last).values_list("pk", flat=True)
        Bulletin.objects.create(
            school=school, title=title, first=first, last=last, words=words, thanks=thanks,
            by=people["Carla"], posts=list(chosen)[:5],
            leaves_at=now - timedelta(days=days, hours=1) if is_sent else None,
        )  # fmt: skip


def _post(school: School, people: dict[str, Staff], said: Said, now: datetime) -> Post:
    by, at = people[said.by], now - timedelta(days=said.days, hours=3)
    more = dict(said.more)
    day, hidden = clock.day_of(at), more.pop("hidden", "")
    if said.kind == K.NOTICE:
        more["ends_on"] = day + timedelta(days=more.pop("lasts"))
    if said.kind in Post.KEPT_RIGHT:
        due = more.pop("due", None)
        more["review_on"] = (
            day + posts.LOOKED_AT_AFTER if due is None else clock.day_of(now) + timedelta(days=due)
        )
        more["owner"] = by
    is_draft = more.pop("is_draft", False)
    post = Post.objects.create(
        school=school, by=by, kind=said.kind, title=said.title, text=said.text, begun_at=at,
        posted_at=None if is_draft else at, activity=_activity(by, said.activity, at),
        **more,
    )  # fmt: skip
    if hidden:
        posts.hide(post, because=hidden, by=people["Carla"])
    return post


def _activity(by: Staff, words: str, at: datetime) -> Any:
    """One of this name they were at before that; none where chance had it otherwise."""
    if not words:
        return None
    held = posts.may_come_from(by).filter(title__icontains=words, sessions__starts_at__lt=at)
    return held.distinct().first()
