"""What holds for the code base as a whole. Reads files; two tests ask the database."""

import ast
import importlib
import re
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from cbpone.celery import app as celery
from cbpone.notifications.statuses import CHANNELS, Template

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = ROOT / "templates"
OURS = ("cbpone", "scheduling", "parole", "officers")

# --- Imports ------------------------------------------------------------------------------

LIB, DATA, MODELS, RULES, FORMS, PAGES, TOP = range(7)
APPS = [
    "audit", "notifications", "accounts", "problems", "travelers", "photos", "scheduling", "parole",
    "officers", "portal", "demo",
]  # fmt: skip
LAYERS = {
    DATA: {"statuses", "choices", "verbs", "triggers", "roles", "identity", "spelling"},
    MODELS: {"models"},
    FORMS: {"forms"},
    # Made from forms, shown by views.
    PAGES: {"questions", "tasklist", "summary", "case", "photo_place"},
    TOP: {
        "views", "admin", "tasks", "urls", "site", "management", "middleware", "context", "adapter",
        "celery", "wsgi", "settings", "templatetags",
    },
}  # fmt: skip
# Rules whose subject has the name of a layer.
NO_LAYER = {"parole.flagging.case": {"case"}, "parole.flagging.identity": {"identity"}}
# Plain programs that start everything, and know no model.
OUTSIDE = ("cbpone.embedded", "cbpone.launch", "cbpone.demo")
# Inside a function, on purpose: the outbox wakes the task that empties it.
KNOWN_UPWARD = {("cbpone.notifications.outbox", "cbpone.notifications.tasks")}


@cache
def modules() -> dict[str, Path]:
    found = {}
    for top in OURS:
        for path in (ROOT / top).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if "migrations" not in parts:
                found[".".join(part for part in parts if part != "__init__")] = path
    return found


@cache
def imports_of(name: str) -> set[str]:
    """Our own modules that a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(modules()[name].read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                deep = f"{node.module}.{alias.name}"
                found.add(deep if deep in modules() else node.module)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {one for one in found if one in modules()}


def app_of(name: str) -> str:
    parts = name.split(".")
    return parts[1] if parts[0] == "cbpone" and len(parts) > 1 else parts[0]


def place_of(name: str) -> tuple[int, int]:
    """(layer, app): a module may import what stands at the same place or before it."""
    app, words = app_of(name), set(name.split(".")[1:])
    if app == "lib":
        return (LIB, 0)
    words -= NO_LAYER.get(name, set())
    layer = next((layer for layer, names in LAYERS.items() if words & names), RULES)
    return (layer, APPS.index(app) if app in APPS else len(APPS))


def checked_modules():
    wiring = (".apps", "cbpone")
    return [
        name
        for name in modules()
        if not name.startswith(OUTSIDE) and not name.endswith(wiring) and name != "cbpone"
    ]


def test_imports_never_point_upwards():
    wrong = []
    for name in checked_modules():
        layer, app = place_of(name)
        for target in imports_of(name):
            target_layer, target_app = place_of(target)
            later = target_layer == layer and layer < TOP and target_app > app
            if (target_layer > layer or later) and (name, target) not in KNOWN_UPWARD:
                wrong.append(f"{name} imports {target}")

    assert wrong == []


@pytest.mark.parametrize(
    ("app", "strangers"),
    [
        ("scheduling", {"officers", "parole", "portal", "demo"}),
        ("parole", {"officers", "scheduling", "portal", "demo"}),
        ("lib", set(APPS)),
        ("audit", {"scheduling", "officers", "parole", "portal", "demo"}),
        ("notifications", {"scheduling", "officers", "parole", "portal", "demo"}),
    ],
)
def test_app_imports_no_app_above_it(app, strangers):
    mine = [name for name in modules() if app_of(name) == app]

    found = {(name, one) for name in mine for one in imports_of(name) if app_of(one) in strangers}

    assert found == set()


def test_nothing_but_urls_imports_views():
    views = {name for name in modules() if "views" in name.split(".")}
    importers = {
        name
        for name in set(modules()) - views
        for one in imports_of(name)
        if one in views and "urls" not in name.split(".") and name != "officers.site"
    }

    assert importers == set()


def test_imports_make_no_circle():
    state: dict[str, str] = {}

    def walk(name, path):
        state[name] = "open"
        for target in imports_of(name) - {t for source, t in KNOWN_UPWARD if source == name}:
            # A package imports its own parts, and parts name the package they are in.
            if target == name or state.get(target) == "done" or name.startswith(f"{target}."):
                continue
            assert state.get(target) != "open", " -> ".join([*path, name, target])
            walk(target, [*path, name])
        state[name] = "done"

    for name in checked_modules():
        if name not in state:
            walk(name, [])


# --- Schedules, states, migrations --------------------------------------------------------


def test_schedule_names_real_tasks():
    celery.loader.import_default_modules()

    wanted = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert wanted <= set(celery.tasks)


# Begun by a person, about one row.
PRESSED = {"scheduling.move_families"}


def test_tasks_are_all_scheduled():
    celery.loader.import_default_modules()
    ours = {name for name in celery.tasks if not name.startswith("celery.")}

    assert ours - PRESSED == {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}


def test_states_are_drawn_as_they_are():
    call_command("draw_states", check=True)


@pytest.mark.django_db
def test_migrations_are_complete():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


CONSTRAINT_TESTS = (
    "accounts.test_constraints",
    "audit.test_constraints",
    "audit.test_seals",
    "notifications.test_constraints",
    "officers.test_drift_constraints",
    "officers.test_duplicates_constraints",
    "officers.test_mass_constraints",
    "officers.test_runs_constraints",
    "parole.test_constraints",
    "photos.test_constraints",
    "scheduling.test_constraints",
    "scheduling.test_urgent",
    "travelers.test_constraints",
)


def test_constraints_all_have_a_test_that_tries_to_break_them():
    tried = set()
    for name in CONSTRAINT_TESTS:
        table = importlib.import_module(f"tests.{name}").BREAKS
        tried |= {row[0].split("|")[0] for row in table}

    named = {
        constraint.name
        for model in apps.get_models()
        if model.__module__.startswith(OURS)
        for constraint in model._meta.constraints
    }
    assert tried == named


TRIGGER_TESTS = (
    "accounts.test_constraints",
    "audit.test_constraints",
    "officers.test_drift_constraints",
    "officers.test_duplicates_constraints",
    "officers.test_mass_constraints",
    "officers.test_runs_constraints",
    "scheduling.test_urgent",
    "scheduling.test_statuses",
    "notifications.test_constraints",
    "photos.test_constraints",
    "parole.test_triggers",
)


# Refuses nothing; see tests/travelers/test_finding.py.
NEVER_TRIPS = {"travelers_traveler.learn_names"}


def test_triggers_all_have_a_test_that_trips_them():
    deleting = importlib.import_module("tests.audit.test_undeletable").UNDELETABLE
    changing = importlib.import_module("tests.audit.test_append_only")
    tried = {f"{table}.undeletable" for table in deleting}
    tried |= {f"{table}.{one}" for table in changing.TABLES for one in changing.ATTEMPTS.values()}
    for name in TRIGGER_TESTS:
        tried |= {row[0] for row in importlib.import_module(f"tests.{name}").TRIPS}

    named = {
        f"{model._meta.db_table}.{trigger.name}"
        for model in apps.get_models()
        if model.__module__.startswith(OURS)
        for trigger in getattr(model._meta, "triggers", [])
    }
    assert tried == named - NEVER_TRIPS


# --- Templates ----------------------------------------------------------------------------

STATUS_LITERAL = re.compile(r"{%\s*(?:el)?if\b[^%]*\bstatus\s*(?:==|!=|in|not in)\s*[\"'(]")
INLINE = re.compile(
    r"\sstyle\s*=|<style\b|<script\b(?![^>]*\bsrc=)|\son[a-z]+\s*=\s*[\"']|javascript:", re.I
)
# Rendered by Django, allauth and the admin under these names.
BY_NAME = ("403.html", "403_csrf.html", "404.html", "500.html", "account/", "admin/", "allauth/")
ONE_SET = ("icons/",)  # drawn together, kept whole


def template_files() -> list[Path]:
    return [path for path in sorted(TEMPLATES.rglob("*")) if path.is_file()]


def name_of(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


def where(pattern: re.Pattern) -> list[str]:
    return [name_of(path) for path in template_files() if pattern.search(path.read_text())]


def test_templates_branch_on_no_status_literal():
    assert where(STATUS_LITERAL) == []


def test_templates_hold_no_inline_style_or_script():
    assert where(INLINE) == []


def test_templates_are_all_used():
    sources = [path.read_text() for path in chain(modules().values(), template_files())]
    used = set(re.findall(r"[\"']([\w/.]+)[\"']", "\n".join(sources)))
    messages = {f"messages/{name}.{kind}" for name in Template.values for kind in ("txt", "sms")}

    unused = [
        name
        for name in map(name_of, template_files())
        if not name.startswith(BY_NAME + ONE_SET) and name not in messages | used
    ]
    assert unused == []


@pytest.mark.parametrize("template", Template.values)
def test_messages_have_words_for_every_channel(template):
    for channel, _label in CHANNELS:
        suffix = "sms" if channel == "sms" else "txt"
        assert (TEMPLATES / "messages" / f"{template}.{suffix}").exists()


# --- Sizes --------------------------------------------------------------------------------

# Lines, and what the house style allows: split by subject at the ceiling.
CEILINGS = {"views": 400, "admin": 250, "tasks": 120, "urls": 60}


def ceiling_of(path: Path) -> int:
    named = {path.stem, path.parent.name}
    return next((most for word, most in CEILINGS.items() if word in named), 500)


def test_files_stay_under_their_ceiling():
    paths = [*modules().values(), *(ROOT / "tests").rglob("*.py"), *(ROOT / "bench").rglob("*.py")]
    sizes = {path: len(path.read_text().splitlines()) for path in paths}

    assert [str(path) for path, lines in sizes.items() if lines > ceiling_of(path)] == []


def test_templates_stay_under_their_ceiling():
    long = [path for path in template_files() if len(path.read_text().splitlines()) > 150]

    assert long == []
