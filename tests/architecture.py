"""What the architecture tests look at: files by their part in the house, read as syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ("crisisdesk", "teams", "incidents")
HTTP_FILES = {"views", "forms", "tasks", "urls"}
NOT_SLICES = {"models", "migrations", "management", "templatetags", "__pycache__"}


def parts(path: Path) -> set[str]:
    """The path's parts without endings: a package obeys the same rules as the file it was."""
    return {Path(part).stem for part in path.relative_to(ROOT).parts[1:]}


def _of(*names: str) -> list[Path]:
    return [path for path in CODE if parts(path) & set(names) and "models" not in parts(path)]


CODE = sorted(
    path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts
)
TESTS = sorted(path for path in (ROOT / "tests").rglob("*.py"))
QUIET = _of("rules", "queries", "actions")
RULES = _of("rules")
ACTIONS = _of("actions")
TASKS = _of("tasks")
MODELS = [path for path in CODE if "models" in parts(path)]
SLICES = sorted(
    path for path in (ROOT / "incidents").iterdir() if path.is_dir() and path.name not in NOT_SLICES
)
INCIDENTS = [path for path in CODE if any(path.is_relative_to(slice_) for slice_ in SLICES)]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
WRITTEN = [
    *(path for path in [*CODE, *TESTS] if path.name != "test_architecture.py"),
    *TEMPLATES,
    *sorted(ROOT.glob("*.md")),
    *(ROOT / name for name in ("Makefile", "pyproject.toml", ".ci/run") if (ROOT / name).exists()),
]


def where(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def body_length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of what the function does: without its signature and its docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def imports(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Each imported module, with the names taken from it."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom):
            yield node.module or "", [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            yield from ((alias.name, []) for alias in node.names)


def calls(path: Path) -> Iterator[str]:
    """What is called, as written: `timezone.now`."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield name_of(node)


def name_of(node: ast.expr) -> str:
    return ast.unparse(node.func if isinstance(node, ast.Call) else node)


def is_model(node: ast.ClassDef) -> bool:
    """True for a class that has fields."""
    return any(
        isinstance(part, ast.Assign) and "models." in ast.unparse(part.value) for part in node.body
    )


def writes(function: ast.FunctionDef) -> bool:
    """True when the function writes rows, other than by passing on to its base."""
    verbs = {"save", "create", "update", "delete", "bulk_create", "get_or_create", "record"}
    return any(
        isinstance(part, ast.Call)
        and isinstance(part.func, ast.Attribute)
        and part.func.attr in verbs
        and name_of(part.func.value) != "super"
        for part in ast.walk(function)
    )
