"""House rules that a machine can hold us to."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from factory.django import DjangoModelFactory

from tests import factories

REPO = Path(__file__).resolve().parent.parent
# Each may import those before it.
APPS = ["cpdhub", "audits", "activities", "evaluation", "networks"]
PACKAGES = [*APPS, "trial", "bench"]
TEMPLATES = REPO / "templates"
LETTERS = ("emails/", "account/email/")  # mail programs know no stylesheets


def name_of(path):
    return path.relative_to(REPO).as_posix()


@cache
def tree(path):
    return ast.parse(path.read_text(), str(path))


def sources(*packages):
    return [
        path
        for package in packages
        for path in sorted((REPO / package).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def templates(*suffixes):
    return [path for path in sorted(TEMPLATES.rglob("*")) if path.suffix in suffixes]


def pages():
    """Templates a browser shows: all but letters."""
    return [
        path
        for path in templates(".html")
        if not path.relative_to(TEMPLATES).as_posix().startswith(LETTERS)
    ]


# --- imports and foreign keys point one way -------------------------------------------------------
def imported(path):
    """The modules of ours that a file imports."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_roof(name):
    """What may know every app: the roof, the site maps and the demo."""
    return (
        name.startswith("cpdhub/roof/")
        or name == "cpdhub/management/commands/seed_demo.py"
        or bool(re.fullmatch(r"cpdhub/(\w+_)?urls\.py", name))
    )


def test_imports_point_one_way():
    steps_back = []
    for position, app in enumerate(APPS):
        allowed = set(APPS[: position + 1])
        for path in sources(app):
            if is_roof(name_of(path)):
                continue
            for module in imported(path):
                top = module.partition(".")[0]
                if (top in APPS and top not in allowed) or module.startswith("cpdhub.roof"):
                    steps_back.append(f"{name_of(path)} imports {module}")

    assert sorted(set(steps_back)) == []


def test_trial_needs_only_the_standard_library():
    ours = {
        f"{name_of(path)} imports {module}"
        for path in sources("trial")
        for module in imported(path)
        if module.partition(".")[0] in {*APPS, "django", "celery", "psycopg2", "redis"}
    }

    assert ours == set()


def test_foreign_keys_point_one_way():
    steps_back = [
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.get_fields()
        if field.concrete
        and field.is_relation
        and field.related_model._meta.app_label in APPS
        and APPS.index(field.related_model._meta.app_label) > APPS.index(model._meta.app_label)
    ]

    assert steps_back == []


# --- models ---------------------------------------------------------------------------------------
def our_models():
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in APPS and not hasattr(model, "pgh_tracked_model")
    ]


def all_factories(base=DjangoModelFactory):
    for factory in base.__subclasses__():
        yield factory
        yield from all_factories(factory)


def test_every_model_has_a_factory():
    made = {
        factory._meta.model
        for factory in all_factories()
        if factory.__module__.startswith(factories.__name__) and not factory._meta.abstract
    }

    assert {model.__name__ for model in our_models() if model not in made} == set()


def test_every_model_says_what_one_row_is():
    silent = {
        model.__name__
        for model in our_models()
        if not model.__doc__ or model.__doc__.startswith(f"{model.__name__}(")
    }

    assert silent == set()


# --- size -----------------------------------------------------------------------------------------
def test_files_stay_readable():
    long = {
        name_of(path): lines
        for path in sources(*PACKAGES)
        if (lines := len(path.read_text().splitlines())) > 400
    }

    assert long == {}


def length(function):
    """Lines of what it does: its words about itself do not count."""
    first = function.body[1:2] or function.body
    start = first[0] if ast.get_docstring(function) else function.body[0]
    return (function.end_lineno or 0) - start.lineno + 1


def test_functions_stay_readable():
    long = {
        f"{name_of(path)}:{node.name}": lines
        for path in sources(*PACKAGES)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (lines := length(node)) > 40
    }

    assert long == {}


# --- one clock, nothing trusted blindly -----------------------------------------------------------
MACHINE_TIME = {"cpdhub/clock.py", "cpdhub/dispatch.py"}  # the latter reads the age of files
CLOCKS = {"now", "utcnow", "today", "localdate", "localtime"}


def test_there_is_one_clock():
    others = {
        f"{name_of(path)}:{node.lineno}"
        for path in sources(*APPS)
        if name_of(path) not in MACHINE_TIME
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and node.attr in CLOCKS
        and isinstance(node.value, ast.Name)
        and node.value.id in {"datetime", "date", "timezone", "dt"}
    }
    others |= {name_of(path) for path in templates(".html", ".txt") if "{% now" in path.read_text()}

    assert others == set()


def test_nothing_is_marked_safe():
    trusted = {
        name_of(path)
        for path in [*sources(*APPS), *templates(".html")]
        if re.search(r"\bmark_safe\b|\|\s*safe\b|\bsafeseq\b|autoescape off", path.read_text())
    }

    assert trusted == set()


@pytest.mark.parametrize(
    "broken",
    [
        r"<script(?![^>]*\bsrc=)",
        r"<style\b",
        r"""\sstyle\s*=""",
        r"""\son[a-z]+\s*=\s*["']""",
        r"""hx-on""",
        r"javascript:",
        r"""(?:src|href)=["'](?:https?:)?//""",
    ],
)
def test_pages_keep_to_the_content_policy(broken):
    found = {
        f"{name_of(path)}: {match[0].strip()}"
        for path in pages()
        for match in re.finditer(broken, path.read_text(), re.IGNORECASE)
    }

    assert found == set()


def test_reports_import_no_packages_from_outside():
    assert [name_of(path) for path in REPO.rglob("*.typ") if "@preview" in path.read_text()] == []


# --- templates ------------------------------------------------------------------------------------
WHOLE = {"base.html", "plain.html"}


def test_every_template_is_a_page_a_fragment_or_a_component():
    loose = []
    for path in pages():
        name = path.relative_to(TEMPLATES).as_posix()
        is_part = path.name.startswith("_") or name.startswith(("components/", "bootstrap5/"))
        if name not in WHOLE and not is_part and not path.read_text().startswith("{% extends "):
            loose.append(name)

    assert loose == []


def test_every_form_that_writes_carries_a_token():
    without = [
        name_of(path)
        for path in pages()
        if len(re.findall(r'method="post"', path.read_text(), re.IGNORECASE))
        > len(re.findall(r"csrf_token|{% crispy ", path.read_text()))
    ]

    assert without == []


@pytest.mark.parametrize(
    ("untidy", "because"),
    [
        (r"</(p|ul|dl|details|div)>(\s*{%[^}]*%})?\s*<br>", "space below is a class"),
        (r"<(p|div|li|section)\b[^>]*><br>|<br>\s*<(h\d|p|div|section)\b", "space above is too"),
        (r"<[^>]*\bdata-print(?![^>]*\bhidden\b)[^>]*>", "it prints with a script only"),
    ],
)
def test_pages_are_tidy(untidy, because):
    found = {
        f"{name_of(path)}: {because}" for path in pages() if re.search(untidy, path.read_text())
    }

    assert found == set()


TAG = re.compile(r"<([a-z]+)\b((?:[^>{]|{{.*?}}|{%.*?%})*)>", re.DOTALL)


REFRESHES = ("every", "load", "revealed", "from:closest form")  # the last: a draft being saved


def works_without_script(name, attributes):
    """A link or a part of a form does its work alone; anything else may only refresh itself."""
    if name == "a":
        return "href=" in attributes
    if name in {"form", "button", "input", "select", "textarea"}:
        return True
    trigger = re.search(r'hx-trigger="([^"]*)"', attributes)
    return bool(trigger) and any(word in trigger[1] for word in REFRESHES)


def test_htmx_only_makes_smoother():
    needs_script = {
        f"{name_of(path)}: <{name}{attributes[:60]}"
        for path in pages()
        for name, attributes in TAG.findall(path.read_text())
        if re.search(r"\bhx-(get|post|put|patch|delete)=", attributes)
        and not works_without_script(name, attributes)
    }

    assert needs_script == set()


# --- settings -------------------------------------------------------------------------------------
def test_every_variable_the_settings_read_is_in_the_example():
    read = {
        node.args[0].value
        for path in sources("cpdhub")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    listed = set(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", example(), re.MULTILINE))

    assert "DATABASE_URL" in read
    assert read - listed == set()


def test_every_variable_in_the_example_is_read_somewhere():
    code = "".join(path.read_text() for path in sources(*PACKAGES, "tests"))
    listed = re.findall(r"^([A-Z][A-Z0-9_]+)=", example(), re.MULTILINE)

    assert [name for name in listed if f'"{name}"' not in code] == []


def example():
    return (REPO / ".env.example").read_text()
