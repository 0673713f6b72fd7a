from audits.models.instrument import Instrument, Kind, Option, Question, Section
from audits.models.response import Answer, Response
from audits.models.result import Result
from audits.models.round import Invitation, Round

__all__ = [
    "Answer",
    "Instrument",
    "Invitation",
    "Kind",
    "Option",
    "Question",
    "Response",
    "Result",
    "Round",
    "Section",
]
