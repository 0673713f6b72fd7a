from tests.access import CPD, HEAD, ON_STAFF, Page
from tests.factories import (
    AnswerFactory,
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


def schools_need(school, owner):
    return (NeedFactory(school=school, whom="school").pk,)


def topic(school, owner):
    return (TopicFactory(school=school).pk,)


PAGES: list[Page] = [
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
    Page("needs:register", ON_STAFF),
    Page(
        "needs:need",
        ON_STAFF,
        lambda school, owner: (NeedFactory(school=school, whom="school").pk,),
    ),
    Page("needs:topic", ON_STAFF, lambda school, owner: (TopicFactory(school=school).pk,)),
]
