"""What a network looks at itself with: five propositions, seven things that make work last.

In our own words. A saved answer holds an item's code, so codes stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Prompt:
    """A question to stop at and talk about."""

    code: str
    text: str


@dataclass(frozen=True)
class Item:
    """One thing leaders say how far it is true of their network."""

    code: str
    title: str
    lines: tuple[tuple[str, str], ...]  # (how it begins, how it goes on)
    prompts: tuple[Prompt, ...]


def _proposition(code: str, title: str, if_: str, then: str, means: str, *prompts: Prompt) -> Item:
    return Item(code, title, (("If", if_), ("Then", then), ("This means", means)), prompts)


PROPOSITIONS = (
    _proposition(
        "alignment", "Everything pulls the same way",
        "schools give time only to a network whose purpose is worth the journey",
        "both what adults learn and how they learn it must serve what pupils are to learn",
        "choose a focus the evidence speaks for, put the CPD that serves it first, and choose ways"
        " of learning in which people can fit it to their own pupils",
        Prompt("p1", "What are pupils, adults and leaders to learn, and where do the three meet?"),
        Prompt("p2", "Which ways of learning could pupils, adults and leaders have in common?"),
        Prompt("p3", "What will colleagues know or do after it that makes a difference to pupils?"),
    ),
    _proposition(
        "diversity", "More than a school could do alone",
        "schools must see that the extra work pays before they put it in",
        "the network must offer a richer mix than any of its schools could alone",
        "look for other content, other ways of learning and programmes none of us could run",
        Prompt("p4", "What can we do together that nobody would have thought of before?"),
        Prompt("p5", "Where do our schools’ offers double each other, fit together, leave gaps?"),
        Prompt(
            "p6",
            "How do we find out who knows what in each school, share specialists, and find people"
            " for what nobody knows?",
        ),
        Prompt("p7", "What would one purse for some of our CPD save, and what could it ask for?"),
    ),
    _proposition(
        "accountability", "We answer for what we do",
        "commitment lasts only where people see that the work makes a difference",
        "choose CPD whose effect on pupils can be followed, and agree how each level answers for"
        " it",
        "one practitioner names a group of pupils and what should change for them; a department or"
        " programme says beforehand what it expects; the whole is tied to plans and to appraisal",
        Prompt("p8", "How do CPD and appraisal go together in our schools? Who talks of it?"),
        Prompt("p9", "Could a qualification or an award keep up quality and pull us together?"),
        Prompt("p10", "In what words do we say how adults’ gains lead to pupils’ gains?"),
    ),
    _proposition(
        "modelling", "We lead the way we want others to learn",
        "a network lives by people who work well with others and carry them along",
        "leading its CPD is learning itself: said out loud, given time, and shared out",
        "lead by asking questions together, practise working together, bring new people in with"
        " care, and celebrate what leaders have learned",
        Prompt("p11", "What do we take for granted about how adults learn with each other?"),
        Prompt("p12", "Where do people get to practise working together before it matters?"),
        Prompt("p13", "What has the way pupils learn together to do with the way adults do?"),
    ),
    _proposition(
        "sustainability", "Our own strength, and knowledge from outside",
        "a network needs strength of its own as well as what others know",
        "use the specialists inside, and invite friends from outside who ask hard questions",
        "find out who knows what here, and add people from universities, the authority and subject"
        " associations",
        Prompt("p14", "What does the nearest university or college have for us?"),
        Prompt("p15", "Which materials or people of the local authority could we make our own?"),
        Prompt(
            "p16",
            "How do we find and support our own specialists; and once they stand in for outsiders,"
            " which new outsiders do we need?",
        ),
        Prompt("p17", "What do trainees and teachers new to the job bring with them?"),
    ),
)  # fmt: skip


def _factor(code: str, title: str, about: str, ask: str) -> Item:
    return Item(code, title, (("", about),), (Prompt(f"next_{code}", ask),))


LASTING = (
    _factor(
        "expertise", "People who know, and go on helping",
        "Somebody who knows the matter stays at hand after the first day, also when people change.",
        "Who helps in a year’s time, and who learns it from them now?",
    ),
    _factor(
        "fit", "Schools make it their own",
        "Each school may fit it to its pupils and staff without losing what makes it work.",
        "What may each school change, and what must stay?",
    ),
    _factor(
        "passing_on", "Ways for it to travel",
        "There are meetings, visits and papers by which others hear of it, and people to run them.",
        "How does a colleague who has not heard of it come across it?",
    ),
    _factor(
        "strategy", "It is in the plan",
        "It has a place in a plan of several years, somebody leads it, and leaders look at it.",
        "In which plan does it stand, and when is it looked at?",
    ),
    _factor(
        "partners", "Done with people, not to them",
        "Schools and partners are asked before things are decided, and see what came of it.",
        "Whom do we ask next, and how do they hear what we made of it?",
    ),
    _factor(
        "links", "Tied to what schools do anyway",
        "It serves something schools must do in any case, so it is not one thing more.",
        "Which other work could it be part of?",
    ),
    _factor(
        "resources", "Time and money after the start",
        "It is known who pays for time, cover and materials when the first money has gone.",
        "What does a year of it cost from now on, and who pays?",
    ),
)  # fmt: skip
