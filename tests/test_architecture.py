"""Rules the machine keeps for us: what import-linter cannot say. Each failure teaches the rule."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from incidents.models.events import EVENTS, Hearing
from tests.architecture import (
    ACTIONS,
    CODE,
    HTTP_FILES,
    INCIDENTS,
    MODELS,
    QUIET,
    ROOT,
    RULES,
    SLICES,
    TASKS,
    TEMPLATES,
    TESTS,
    WRITTEN,
    body_length,
    calls,
    functions,
    imports,
    name_of,
    tree,
    where,
)

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
# Addresses of an incident that anyone signed in may open, because they belong to no incident yet.
OPEN_TO_ALL = {
    "bell",
    "desk",
    "desk-needs",
    "incidents",
    "mails",
    "notices",
    "notices-read",
    "open",
    "reports",
}
# Files that take the time: what a browser, the clock or a person at a terminal starts.
EDGES = {"views", "tasks", "commands", "admin", "stream", "access", "middleware", "context", "demo"}
SQL_FILES = {"migrations"}
VAGUE = {"service", "services", "helper", "helpers", "util", "utils", "common", "misc", "handlers"}


@pytest.mark.parametrize("path", [*CODE, *TESTS], ids=where)
def test_files_stay_readable(path: Path) -> None:
    length = len(path.read_text(encoding="utf-8").splitlines())
    assert length <= LONGEST_FILE, (
        f"{where(path)} has {length} lines. Make it a package of the same name: the rules match "
        "path parts, so its files obey the same contracts."
    )


@pytest.mark.parametrize("path", CODE, ids=where)
def test_functions_stay_readable(path: Path) -> None:
    for function in functions(path):
        assert body_length(function) <= LONGEST_FUNCTION, (
            f"{function.name} in {where(path)} is {body_length(function)} lines long: "
            "say its steps as functions of their own."
        )


@pytest.mark.parametrize("path", CODE, ids=where)
def test_names_say_what_is_inside(path: Path) -> None:
    parts = {Path(part).stem for part in path.relative_to(ROOT).parts}
    assert not parts & VAGUE, f"{where(path)}: name it after the work, not after programming."


@pytest.mark.parametrize("path", QUIET, ids=where)
def test_verbs_and_reads_know_no_http(path: Path) -> None:
    loud = [
        module
        for module, _names in imports(path)
        if module.startswith(("django.http", "django.shortcuts", "django.urls", "django_htmx"))
    ]
    assert not loud, f"{where(path)} imports {loud}: that belongs into views.py."


@pytest.mark.parametrize("path", RULES, ids=where)
def test_rules_ask_no_database_and_no_clock(path: Path) -> None:
    touched = [
        node.attr
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "now"}
    ]
    assert not touched, f"{where(path)}: rules are pure; reads live in queries.py."


@pytest.mark.parametrize("path", ACTIONS, ids=where)
def test_every_verb_takes_its_time_by_keyword(path: Path) -> None:
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            keywords = {argument.arg for argument in node.args.kwonlyargs}
            # Work that itself takes long, such as sending, is handed a clock instead.
            assert keywords & {"at", "clock"}, (
                f"{node.name} in {where(path)}: a verb takes `at` by keyword; a read belongs "
                "into queries.py, a rule into rules.py, and a step of a verb gets an underscore."
            )


@pytest.mark.parametrize("path", INCIDENTS, ids=where)
def test_http_files_are_private_to_their_slice(path: Path) -> None:
    own = path.relative_to(ROOT).parts[1]
    for module, names in imports(path):
        parts = module.split(".")
        if parts[0] != "incidents" or len(parts) < 2 or parts[1] == own:
            continue
        reached = {*parts[2:3], *(names if len(parts) == 2 else [])} & HTTP_FILES
        assert not reached, (
            f"{where(path)} imports {module}: slices meet through actions, queries and rules."
        )


@pytest.mark.parametrize("path", CODE, ids=where)
def test_time_enters_at_the_edge(path: Path) -> None:
    if EDGES & {Path(part).stem for part in path.relative_to(ROOT).parts}:
        return
    taken = [call for call in calls(path) if call in {"now", "timezone.now", "datetime.now"}]
    assert not taken, f"{where(path)}: take the time in a view, task or command; pass it as `at`."


@pytest.mark.parametrize("path", CODE, ids=where)
def test_only_the_bell_knows_redis(path: Path) -> None:
    if where(path) == "crisisdesk/kit/bell.py":
        return
    known = [module for module, _names in imports(path) if module.split(".")[0] == "redis"]
    assert not known, f"{where(path)}: only crisisdesk/kit/bell.py may import redis."


@pytest.mark.parametrize("path", CODE, ids=where)
def test_nothing_is_left_to_the_queue(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            planned = {keyword.arg for keyword in node.keywords} & {"eta", "countdown"}
            assert not planned, f"{where(path)}: what is due is a row with `due_at`, never an ETA."


@pytest.mark.parametrize("path", TASKS, ids=where)
def test_tasks_take_keywords_and_bear_unknown_ones(path: Path) -> None:
    for function in functions(path):
        if not any("shared_task" in name_of(mark) for mark in function.decorator_list):
            continue
        arguments = function.args
        assert not arguments.args, f"{function.name} in {where(path)}: ids by keyword only."
        assert arguments.kwarg, (
            f"{function.name} in {where(path)}: take **_unknown, so that an old worker bears the "
            "message of a new web host."
        )


@pytest.mark.parametrize("path", MODELS, ids=where)
def test_models_hold_no_behaviour(path: Path) -> None:
    writes = {"save", "create", "update", "delete", "bulk_create", "get_or_create", "record"}
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.ClassDef) or not _is_model(node):
            continue
        for function in (part for part in node.body if isinstance(part, ast.FunctionDef)):
            done = {
                part.func.attr
                for part in ast.walk(function)
                if isinstance(part, ast.Call)
                and isinstance(part.func, ast.Attribute)
                and name_of(part.func.value) != "super"
            }
            assert not done & writes, (
                f"{node.name}.{function.name} writes: a verb in actions.py does that."
            )


def _is_model(node: ast.ClassDef) -> bool:
    return any(
        isinstance(part, ast.Assign) and "models." in ast.unparse(part.value) for part in node.body
    )


@pytest.mark.parametrize("path", SLICES, ids=where)
def test_every_slice_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(tree(path / "__init__.py")), (
        f"{where(path)}/__init__.py: a docstring says what the slice is and draws its states."
    )


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_everything_that_can_happen_is_worded_and_heard(name: str) -> None:
    kind = EVENTS[name]
    assert str(kind.says).strip(), f"{name} has no sentence for the timeline."
    assert kind.heard_by in Hearing, f"{name} does not say who hears of it."
    assert re.fullmatch(r"[a-z_]+\.[a-z_]+", name), f"{name}: write noun.happened."


def _views(patterns: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _views(pattern.url_patterns)
        elif pattern.callback.__module__.startswith("incidents."):
            yield pattern


def test_every_view_of_an_incident_declares_its_permission() -> None:
    seen = set()
    for pattern in _views(get_resolver().url_patterns):
        view = pattern.callback
        seen.add(pattern.name)
        open_to_all = pattern.name in OPEN_TO_ALL and "reference" not in str(pattern.pattern)
        assert hasattr(view, "permission") or open_to_all, (
            f"{view.__module__}.{view.__name__} does not go through the gate: write "
            '@incident_view("incidents.…", method="…"), or list the address in OPEN_TO_ALL.'
        )
    assert seen >= OPEN_TO_ALL, f"No longer there: {OPEN_TO_ALL - seen}"


@pytest.mark.parametrize("name", sorted(OPEN_TO_ALL))
def test_what_needs_no_permission_still_needs_a_person(client: Client, name: str) -> None:
    answer = client.get(reverse(f"incidents:{name}"))
    assert answer.status_code == HTTPStatus.FOUND
    assert "/accounts/login/" in answer["Location"]


FORBIDDEN_IN_TEMPLATES = {
    r"<style": "inline style",
    r"\sstyle\s*=": "a style attribute",
    r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")": "an inline script",
    r"\son[a-z]+\s*=\s*[\"']": "an on* attribute",
    r"\shx-on": "hx-on, which is evaluated",
    r"javascript:": "a javascript: address",
    r"hx-(?:vals|vars|headers)\s*=\s*[\"']js:": "htmx evaluating script",
    r"hx-trigger\s*=\s*[\"'][^\"']*\[": "an htmx trigger filter, which is evaluated",
    r"\|\s*safe\b": "the filter safe",
    r"\.(?:objects|all|exists|delete|save)\b|_set\b": "a query",
}


@pytest.mark.parametrize("path", TEMPLATES, ids=where)
def test_templates_keep_the_security_policy_and_ask_nothing(path: Path) -> None:
    text = re.sub(
        r"{#.*?#}|{% comment.*?endcomment %}", "", path.read_text("utf-8"), flags=re.DOTALL
    )
    if "emails" in path.parts:
        text = re.sub(r"\sstyle\s*=", " ", text)  # mail programs read nothing else
    for pattern, what in FORBIDDEN_IN_TEMPLATES.items():
        found = re.findall(f"{pattern}.*", text, flags=re.IGNORECASE)
        assert not found, f"{where(path)} holds {what}: {found}"


@pytest.mark.parametrize("path", TEMPLATES, ids=where)
def test_forms_work_without_script(path: Path) -> None:
    for form in re.findall(
        r"<form\b.*?</form>", path.read_text("utf-8"), flags=re.DOTALL | re.IGNORECASE
    ):
        if re.search(r"method=\"post\"", form, flags=re.IGNORECASE):
            assert "csrf_token" in form, f"{where(path)}: a form that posts carries its token."
        if re.search(r"hx-(post|put|delete)", form):
            assert re.search(r"\saction=", form), (
                f"{where(path)}: a form names its action, so that it works without script."
            )


@pytest.mark.parametrize("path", WRITTEN, ids=where)
def test_the_house_stands_on_its_own_ground(path: Path) -> None:
    text = path.read_text(encoding="utf-8", errors="replace")
    outside = re.findall(r"\.\./shared", text)
    assert not outside, f"{where(path)} names {outside}: a clone has none."
