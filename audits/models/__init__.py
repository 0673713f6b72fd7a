from audits.models.help import HelpRequest
from audits.models.instrument import Instrument, Kind, Option, Question, Section
from audits.models.need import Need, NeedSource
from audits.models.offer import Expertise
from audits.models.response import Answer, Response
from audits.models.result import Result
from audits.models.round import Invitation, Round
from audits.models.topic import Topic

__all__ = [
    "Answer",
    "Expertise",
    "HelpRequest",
    "Instrument",
    "Invitation",
    "Kind",
    "Need",
    "NeedSource",
    "Option",
    "Question",
    "Response",
    "Result",
    "Round",
    "Section",
    "Topic",
]
