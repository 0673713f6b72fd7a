"""PDF through typst: our templates, the school's words as data, tagged for screen readers."""

import importlib.util
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

TEMPLATES = settings.BASE_DIR / "templates" / "reports"
# What the report's typeface can show. Anything else would stop the tagged PDF from being made.
UNKNOWN = re.compile(
    "[^\n\u0020-\u007e\u00a0-\u024f\u0370-\u03ff\u0400-\u04ff\u1e00-\u1eff"
    "\u2010-\u2027\u2030-\u2040\u2044-\u205e\u20ac\u2190-\u2193\u2212]"
)


def clean(value: Any) -> Any:
    """The same data with every character no font of ours has replaced by an empty box."""
    if isinstance(value, str):
        return UNKNOWN.sub("\u25a1", value.replace("\r\n", "\n"))
    if isinstance(value, Mapping):
        return {key: clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    return value


def fonts() -> Path:
    """The folder of the packaged typeface; system fonts are never used, so all machines agree."""
    found = importlib.util.find_spec("font_source_sans_pro")
    if found is None or found.origin is None:
        raise ImproperlyConfigured("The package font-source-sans-pro is missing: install it again.")
    return Path(found.origin).parent / "files"


def render(template: str, data: Mapping[str, Any]) -> bytes:
    """A PDF/UA-1 from templates/reports/<template>.typ.

    `data` reaches the template as `sys.inputs.data` (JSON); it is never read as markup, so a
    text with `#` or `*` prints as it is.
    """
    compiler = typst.Compiler(
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[fonts()]),
    )
    pdf, warnings = compiler.compile_with_warnings(
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"data": json.dumps(clean(data), ensure_ascii=False)},
    )
    if warnings and settings.TESTING:
        raise AssertionError([warning.message for warning in warnings])
    assert isinstance(pdf, bytes)
    return pdf
