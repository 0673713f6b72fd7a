from audits.models.instrument import Instrument, Kind, Option, Question, Section

__all__ = ["Instrument", "Kind", "Option", "Question", "Section"]
