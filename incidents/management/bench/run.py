"""A bench in a process of its own on a scratch installation, read line by line."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from crisisdesk.kit import lines, memory, tied
from crisisdesk.launch.catalogues import compile_stale
from incidents.management.bench import scratch
from incidents.management.bench.scratch import Scratch
from incidents.management.bench.shape import (
    NO_DATABASE,
    Bench,
    CannotMeasure,
    Clock,
    Figure,
    Say,
    Scale,
)

Line = dict[str, Any]


def everywhere(benches: list[Bench], scale: Scale, *, say: Say) -> Generator[Line, None, None]:
    """
    Run benches on each database there is; what a run that fails leaves out is said, then raised.

    :raises CannotMeasure: at the end, when one of them could not be measured
    """
    failed = []
    with ExitStack() as stack:
        stack.enter_context(scratch.ended_politely())
        folder = stack.enter_context(scratch.folder())
        places = [scratch.environment(folder, "sqlite")]
        if any(bench.on_databases for bench in benches):
            second = stack.enter_context(scratch.postgresql(folder, say=say))
            places += [second] if second else []
        for bench in benches:
            for place in places if bench.on_databases else places[:1]:
                say(f"{bench.name}: {bench.about}; {place.database}")
                try:
                    yield from _beside(bench, place, scale)
                except CannotMeasure as error:
                    failed.append(str(error))
    if failed:
        raise CannotMeasure("\n".join(failed))


def _beside(bench: Bench, place: Scratch, scale: Scale) -> Iterator[Line]:
    """Start the process; it dies with us, and its progress goes to the terminal."""
    manage = str(settings.BASE_DIR / "manage.py")
    program = (sys.executable, manage, "bench", bench.name, "--inside", "--scale", scale.value)
    with (
        scratch.end_waits() as let_through,
        subprocess.Popen(  # noqa: S603 - our own program
            tied.command(*program),
            env=dict(place.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            cwd=settings.BASE_DIR,
            start_new_session=True,
        ) as process,
    ):
        try:
            let_through()
            for line in process.stdout or ():
                yield json.loads(line)
            code = process.wait()
        finally:
            process.kill()
    if code:
        raise CannotMeasure(
            f"{bench.name} could not be measured on {place.database}; why stands above."
        )


def inside(bench: Bench, scale: Scale, *, clock: Clock, say: Say) -> Iterator[Line]:
    """
    Measure here, in the process on the scratch installation, once its tables stand.

    :raises CannotMeasure: anywhere else, before anything is touched
    """
    if not scratch.is_here():
        raise CannotMeasure("This is no scratch installation. Nothing was measured or changed.")
    compile_stale()
    call_command("migrate", interactive=False, verbosity=0)
    if not (settings.STATIC_ROOT / "staticfiles.json").exists():
        call_command("collectstatic", interactive=False, verbosity=0)
    importlib.import_module(settings.ROOT_URLCONF)
    memory.set_aside()  # as the web server does when it starts
    lines.hold(settings.DATABASES["default"])
    for figure in bench.measure(scale, clock, say):
        yield _line(bench, figure)


def _line(bench: Bench, figure: Figure) -> Line:
    value = round(figure.value, 2)
    return {
        "bench": bench.name,
        "case": figure.case,
        "database": connection.vendor if bench.on_databases else NO_DATABASE,
        "metric": figure.metric,
        "value": int(value) if value == int(value) else value,
        "unit": bench.metric(figure.metric).unit,
    }
