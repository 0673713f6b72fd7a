from tests.access import CPD, HEAD, ON_STAFF, TEAM, Page
from tests.factories import (
    ComponentFactory,
    InnovationFactory,
    NextStepFactory,
    OwnUseFactory,
    PlacementFactory,
    VariationFactory,
)

PLANNERS = frozenset({HEAD, CPD, TEAM})


def innovation(school, owner):
    found = InnovationFactory(school=school)
    component = ComponentFactory(school=school, innovation=found)
    VariationFactory(school=school, component=component)
    PlacementFactory(school=school, component=component)
    NextStepFactory(school=school, component=component)
    return (found.pk,)


def component(school, owner):
    return (ComponentFactory(school=school).pk,)


def step(school, owner):
    return (NextStepFactory(school=school).pk,)


def own_use(school, owner):
    return (OwnUseFactory(school=school, owner=owner).pk,)


PAGES = [
    Page("innovations:list", ON_STAFF),
    Page("innovations:new", PLANNERS),
    Page("innovations:innovation", ON_STAFF, innovation),
    Page("innovations:where_am_i", ON_STAFF, innovation),
    Page("innovations:forget_use", frozenset(), own_use, others=404, method="post"),
    Page("innovations:change", PLANNERS, innovation),
    Page("innovations:copy", PLANNERS, innovation, method="post"),
    Page("innovations:end", PLANNERS, innovation, method="post"),
    Page("innovations:place", PLANNERS, innovation),
    Page("innovations:step_add", PLANNERS, component),
    Page("innovations:step_done", PLANNERS, step, method="post"),
]
