"""Rules the machine keeps for us: what import-linter cannot say. Each failure teaches the rule.

A rule looks at one file and yields a sentence for everything wrong in it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
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
    is_model,
    name_of,
    parts,
    tree,
    where,
    writes,
)

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
# Addresses that anyone signed in may open, because they belong to no single incident.
OPEN_TO_ALL = {
    *(
        "desk",
        "desk-needs",
        "incidents",
        "open",
        "reports",
        "ours",
        "ours-ask",
        "sign-offs",
    ),
    *("sign-offs-mark", "notices", "bell", "notices-read", "mails"),
}
# Files that take the time: what a browser, the clock or a person at a terminal starts.
EDGES = {"views", "tasks", "commands", "admin", "stream", "access", "middleware", "context", "demo"}
VAGUE = {"service", "services", "helper", "helpers", "util", "utils", "common", "misc", "handlers"}
Wrong = Iterator[str]


def files_stay_readable(path: Path) -> Wrong:
    length = len(path.read_text(encoding="utf-8").splitlines())
    if length > LONGEST_FILE:
        yield (
            f"{length} lines. Make it a package of the same name: the rules match path parts, "
            "so its files obey the same contracts."
        )


def functions_stay_readable(path: Path) -> Wrong:
    if "demo" in parts(path):
        return  # a story is told in one go
    for function in functions(path):
        if (length := body_length(function)) > LONGEST_FUNCTION:
            yield f"{function.name} is {length} lines long: say its steps as functions."


def names_say_what_is_inside(path: Path) -> Wrong:
    if vague := parts(path) & VAGUE:
        yield f"{vague}: name it after the work, not after programming."


def verbs_and_reads_know_no_http(path: Path) -> Wrong:
    for module, _names in imports(path):
        if module.startswith(("django.http", "django.shortcuts", "django.urls", "django_htmx")):
            yield f"imports {module}: that belongs into views.py."


def rules_ask_no_database_and_no_clock(path: Path) -> Wrong:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "now"}:
            yield f".{node.attr}: rules are pure; reads live in queries.py."


def every_verb_takes_its_time_by_keyword(path: Path) -> Wrong:
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            keywords = {argument.arg for argument in node.args.kwonlyargs}
            # Work that itself takes long, such as sending, is handed a clock instead.
            if not keywords & {"at", "clock"}:
                yield (
                    f"{node.name}: a verb takes `at` by keyword; a read belongs into queries.py, "
                    "a rule into rules.py, and a step of a verb gets an underscore."
                )


def http_files_are_private_to_their_slice(path: Path) -> Wrong:
    own = path.relative_to(ROOT).parts[1]
    for module, names in imports(path):
        root, *rest = module.split(".")
        if root != "incidents" or not rest or rest[0] == own:
            continue
        if {*rest[1:2], *(names if len(rest) == 1 else [])} & HTTP_FILES:
            yield f"imports {module}: slices meet through actions, queries and rules."


def time_enters_at_the_edge(path: Path) -> Wrong:
    if EDGES & parts(path):
        return
    for call in calls(path):
        if call in {"now", "timezone.now", "datetime.now"}:
            yield f"{call}(): take the time in a view, task or command; pass it on as `at`."


def only_the_bell_knows_redis(path: Path) -> Wrong:
    if where(path) == "crisisdesk/kit/bell.py":
        return
    for module, _names in imports(path):
        if module.split(".")[0] == "redis":
            yield "imports redis: only crisisdesk/kit/bell.py may."


def nothing_is_left_to_the_queue(path: Path) -> Wrong:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg in {"eta", "countdown"}:
                    yield f"{keyword.arg}: what is due is a row with `due_at`."


def tasks_take_keywords_and_bear_unknown_ones(path: Path) -> Wrong:
    for function in functions(path):
        if any("shared_task" in name_of(mark) for mark in function.decorator_list):
            if function.args.args:
                yield f"{function.name}: ids by keyword only."
            if not function.args.kwarg:
                yield (
                    f"{function.name}: take **_unknown, so that an old worker bears the message "
                    "of a new web host."
                )


def models_hold_no_behaviour(path: Path) -> Wrong:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ClassDef) and is_model(node):
            for function in (part for part in node.body if isinstance(part, ast.FunctionDef)):
                if writes(function):
                    yield f"{node.name}.{function.name} writes: a verb in actions.py does that."


def every_slice_says_what_it_is(path: Path) -> Wrong:
    if not ast.get_docstring(tree(path / "__init__.py")):
        yield "__init__.py: a docstring says what the slice is and draws its states."


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


def templates_keep_the_security_policy_and_ask_nothing(path: Path) -> Wrong:
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"{#.*?#}|{% comment.*?endcomment %}", "", text, flags=re.DOTALL)
    if "emails" in path.parts:
        text = re.sub(r"\sstyle\s*=", " ", text)  # mail programs read nothing else
    for pattern, what in FORBIDDEN_IN_TEMPLATES.items():
        for found in re.findall(f"{pattern}.*", text, flags=re.IGNORECASE):
            yield f"holds {what}: {found}"


def forms_work_without_script(path: Path) -> Wrong:
    text = path.read_text(encoding="utf-8")
    for form in re.findall(r"<form\b.*?</form>", text, flags=re.DOTALL | re.IGNORECASE):
        if re.search(r"method=\"post\"", form, re.IGNORECASE) and "csrf_token" not in form:
            yield f"a form that posts carries its token: {form[:80]}"
        if re.search(r"hx-(post|put|delete)", form) and not re.search(r"\saction=", form):
            yield f"a form names its action, so that it works without script: {form[:80]}"


def the_house_stands_on_its_own_ground(path: Path) -> Wrong:
    text = path.read_text(encoding="utf-8", errors="replace")
    for found in re.findall(r"(?<![\w.])\.\./shared\b|(?<![\w.~])/(?:home|root)/\w+", text):
        yield f"names {found}, which a clone has not."


@pytest.mark.parametrize(
    ("rule", "paths"),
    [
        (files_stay_readable, [*CODE, *TESTS]),
        (functions_stay_readable, CODE),
        (names_say_what_is_inside, CODE),
        (verbs_and_reads_know_no_http, QUIET),
        (rules_ask_no_database_and_no_clock, RULES),
        (every_verb_takes_its_time_by_keyword, ACTIONS),
        (http_files_are_private_to_their_slice, INCIDENTS),
        (time_enters_at_the_edge, CODE),
        (only_the_bell_knows_redis, CODE),
        (nothing_is_left_to_the_queue, CODE),
        (tasks_take_keywords_and_bear_unknown_ones, TASKS),
        (models_hold_no_behaviour, MODELS),
        (every_slice_says_what_it_is, SLICES),
        (templates_keep_the_security_policy_and_ask_nothing, TEMPLATES),
        (forms_work_without_script, TEMPLATES),
        (the_house_stands_on_its_own_ground, WRITTEN),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_of_the_house(rule: Callable[[Path], Iterable[str]], paths: list[Path]) -> None:
    assert paths, "The rule finds no file to look at: it looks in the wrong place."
    wrong = [f"{where(path)}: {sentence}" for path in paths for sentence in rule(path)]
    assert not wrong, "\n" + "\n".join(wrong)


def test_everything_that_can_happen_is_worded_and_heard() -> None:
    for name, kind in EVENTS.items():
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
