from tests.access import CPD, HEAD, ON_STAFF, TEAM, Page
from tests.factories import (
    AnswerFactory,
    ExpertiseFactory,
    InstrumentFactory,
    InvitationFactory,
    NeedFactory,
    QuestionFactory,
    ResultFactory,
    RoundFactory,
    StaffFactory,
    TopicFactory,
)

LEADERS = frozenset({HEAD, CPD})


def draft(school, owner):
    return (InstrumentFactory(school=school, title=f"Of {owner.last_name}").pk,)


def published(school, owner):
    return (InstrumentFactory(school=school, title=f"Of {owner.last_name}", published=True).pk,)


def section(school, owner):
    return (QuestionFactory(school=school, text=f"Of {owner.last_name}").section_id,)


def question(school, owner):
    return (QuestionFactory(school=school, text=f"Of {owner.last_name}").pk,)


def upwards(make):
    return lambda school, owner: (*make(school, owner), "up")


NOBODY = frozenset()
GROUP_DEEDS = ["agree", "met", "reopen"]
DEEDS = ["share", "take-back", *GROUP_DEEDS]


def draft_round(school, owner):
    return (
        InvitationFactory(
            school=school, staff=owner, round__title=f"Of {owner.last_name}"
        ).round_id,
    )


def open_round(school, owner):
    return (RoundFactory(school=school, title=f"Of {owner.last_name}", asks=[owner], open=True).pk,)


def asked(school, owner):
    """The owner was asked, nobody of the walk."""
    return (*open_round(school, owner), 1)


def anonymous(school, owner):
    people = [owner, *StaffFactory.create_batch(9, school=school)]
    made = RoundFactory(
        school=school, title=f"Of {owner.last_name}", mode="anonymous", asks=people, open=True
    )
    return (made.pk, 1)


def answered(school, owner):
    """The owner has sent their answers."""
    answer = AnswerFactory(school=school, response__invitation__staff=owner)
    from audits.models import Invitation, Response
    from cpdhub import clock
    from cpdhub.walls import school_scope

    with school_scope(school):
        Response.objects.filter(pk=answer.response_id).update(sent_at=clock.now())
        Invitation.objects.update(spent=True)
    return (answer.response.round_id,)


def closed(school, owner):
    """A round with a result; it has to be open while results are written."""
    made = ResultFactory(school=school, round__title=f"Of {owner.last_name}").round
    from audits.models import Round
    from cpdhub import clock
    from cpdhub.walls import school_scope

    with school_scope(school):
        Round.objects.filter(pk=made.pk).update(state="closed", closed_at=clock.now())
    return (made.pk,)


PLANNERS = LEADERS | {TEAM}


def private(school, owner):
    """The owner wrote it down and keeps it to themselves."""
    need = NeedFactory(school=school, staff=owner, title=f"Of {owner.last_name}", is_shared=False)
    return (need.pk,)


def shared(school, owner):
    return (NeedFactory(school=school, staff=owner, title=f"Of {owner.last_name}").pk,)


def of_school(school, owner):
    return (NeedFactory(school=school, whom="school", title=f"Of {owner.last_name}").pk,)


def topic(school, owner):
    topic = TopicFactory(school=school, title=f"Of {owner.last_name}")
    NeedFactory(school=school, whom="school", topic=topic)
    return (topic.pk,)


def told(school, owner):
    """A closed round and the question its result is of."""
    from audits.models import Result
    from cpdhub.walls import school_scope

    (pk,) = closed(school, owner)
    with school_scope(school):
        return (pk, Result.objects.get(round=pk).question_id)


def named(school, owner):
    """A named round that has closed."""
    from audits.models import Round
    from cpdhub import clock
    from cpdhub.walls import school_scope

    title = f"Of {owner.last_name}"
    made = RoundFactory(school=school, title=title, mode="named", asks=[owner], open=True)
    with school_scope(school):
        Round.objects.filter(pk=made.pk).update(state="closed", closed_at=clock.now())
    return (made.pk,)


def own_offer(school, owner):
    """The owner's, shown to colleagues: theirs alone to change."""
    return (ExpertiseFactory(school=school, staff=owner).pk,)


def sure(school, owner):
    """The owner's answer to a statement."""
    from audits.models import Question
    from cpdhub.walls import school_scope

    arguments = answered(school, owner)
    with school_scope(school):
        return (*arguments, Question.objects.filter(answers__isnull=False).latest("pk").pk)


PAGES: list[Page] = [
    Page("needs:own_add", ON_STAFF, method="post"),
    Page("needs:need_own_new", ON_STAFF),
    Page("needs:suggested", ON_STAFF, method="post"),
    Page("needs:register", PLANNERS),
    Page("needs:need_new", PLANNERS),
    Page("needs:need", NOBODY, private, others=404),
    Page("needs:need", LEADERS, shared, others=404),
    Page("needs:need", ON_STAFF, of_school),
    Page("needs:need_change", NOBODY, private, others=404),
    Page("needs:need_change", LEADERS, of_school),
    Page("needs:need_set_aside", LEADERS, of_school),
    Page("needs:need_delete", LEADERS, of_school),
    *(Page(f"needs:need_{deed}", NOBODY, private, others=404, method="post") for deed in DEEDS),
    *(Page(f"needs:need_{deed}", LEADERS, of_school, method="post") for deed in GROUP_DEEDS),
    Page("needs:topics", PLANNERS),
    Page("needs:topic", PLANNERS, topic),
    Page("needs:topic_change", LEADERS, topic),
    Page("needs:rule", LEADERS),
    Page("needs:round_needs", LEADERS, closed),
    Page("needs:offer_from_answer", NOBODY, sure, others=404, method="post"),
    Page("needs:helpers", ON_STAFF),
    Page("needs:talents", ON_STAFF),
    Page("needs:ask", ON_STAFF, own_offer),
    Page("needs:offers", ON_STAFF),
    Page("needs:offer_add", ON_STAFF),
    Page("needs:offers_pause", ON_STAFF, method="post"),
    Page("needs:offer_change", NOBODY, own_offer, others=404),
    Page("needs:offer_delete", NOBODY, own_offer, others=404, method="post"),
    Page("needs:mine", ON_STAFF),
    Page("needs:answer", NOBODY, asked, others=404),
    Page("needs:answer", NOBODY, anonymous, others=404),
    Page("needs:answer_draft", NOBODY, asked, others=404, method="post"),
    Page("needs:answer_check", NOBODY, open_round, others=404),
    Page("needs:answer_send", NOBODY, open_round, others=404, method="post"),
    Page("needs:answer_own", NOBODY, answered, others=404),
    Page("needs:rounds", LEADERS),
    Page("needs:round_new", LEADERS, published),
    Page("needs:round", LEADERS, open_round),
    Page("needs:round", LEADERS, draft_round),
    Page("needs:round_change", LEADERS, draft_round),
    Page("needs:round_start", LEADERS, draft_round, method="post"),
    Page("needs:round_delete", LEADERS, draft_round),
    Page("needs:round_extend", LEADERS, open_round),
    Page("needs:round_invite", LEADERS, open_round),
    Page("needs:round_remind", LEADERS, open_round, method="post"),
    Page("needs:round_close", LEADERS, open_round),
    Page("needs:results", LEADERS, closed),
    Page("needs:results_csv", LEADERS, closed),
    Page("needs:results_xlsx", LEADERS, closed),
    Page("needs:cite", LEADERS, told),
    Page("needs:answers_by_name", LEADERS, named),
    Page("needs:results_report", LEADERS, closed, method="post"),
    Page("needs:instruments", LEADERS),
    Page("needs:instrument_new", LEADERS),
    Page("needs:instrument_import", LEADERS),
    Page("needs:instrument", LEADERS, published),
    Page("needs:instrument", LEADERS, draft),
    Page("needs:instrument_copy", LEADERS, published, method="post"),
    Page("needs:instrument_publish", LEADERS, draft, method="post"),
    Page("needs:instrument_delete", LEADERS, draft),
    Page("needs:instrument_csv", LEADERS, published),
    Page("needs:instrument_change", LEADERS, draft),
    Page("needs:section_add", LEADERS, draft),
    Page("needs:section_change", LEADERS, section),
    Page("needs:section_move", LEADERS, upwards(section), method="post"),
    Page("needs:section_remove", LEADERS, section),
    Page("needs:question_add", LEADERS, section),
    Page("needs:question_change", LEADERS, question),
    Page("needs:question_move", LEADERS, upwards(question), method="post"),
    Page("needs:question_remove", LEADERS, question),
]
