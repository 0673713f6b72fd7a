from audits.forms.instrument import (
    BeginForm,
    ImportForm,
    InstrumentForm,
    QuestionForm,
    SectionForm,
)

__all__ = ["BeginForm", "ImportForm", "InstrumentForm", "QuestionForm", "SectionForm"]
