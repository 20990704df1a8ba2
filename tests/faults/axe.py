"""
Runs inside an installation: does an act in a process that dies by -9 at each of its writes in turn.

Both or neither: whatever write was the last one before the end, everything is as it was before,
the chain holds, and the same act then goes through once.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any, Final

from django.apps import apps
from django.db import connection

from incidents.models import Incident, Statement
from incidents.timeline import proof

WRITES: Final = ("INSERT", "UPDATE", "DELETE")
MOST: Final = 200


def state() -> dict[str, Any]:
    """What there is: the rows of every table, how statements and rounds stand, where the chain ends."""
    counted = {model._meta.label: model._default_manager.count() for model in apps.get_models()}
    stands = list(Statement.objects.order_by("pk").values_list("pk", "status"))
    heads = list(Incident.objects.values_list("last_entry_number", "last_entry_hash"))
    rounds = (
        apps.get_model("incidents", "Round").objects.order_by("pk").values_list("pk", "outcome")
    )
    return {"rows": counted, "statements": stands, "heads": heads, "rounds": list(rounds)}


def hew(act: Callable[[], Any]) -> dict[str, Any]:
    """Kill the act at its first write, then at its second, until it ends alive; say what was found."""
    before, wrong = state(), []
    for blow in range(1, MOST):
        if not _dies(act, blow):
            break
        if state() != before:
            wrong.append(f"after the blow at write {blow} something was there")
        wrong += [
            f"write {blow}: {why}" for one in Incident.objects.all() if (why := proof.verify(one))
        ]
    return {"blows": blow - 1, "wrong": wrong, "done": state() != before}


def _dies(act: Callable[[], Any], blow: int) -> bool:
    connection.close()  # a process of its own has connections of its own
    if close_pool := getattr(connection, "close_pool", None):
        close_pool()
    child = os.fork()
    if child == 0:
        _do(act, blow)
    _pid, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def _do(act: Callable[[], Any], blow: int) -> None:
    seen = 0

    def axe(execute: Callable[..., Any], sql: str, *given: Any) -> Any:
        nonlocal seen
        result = execute(sql, *given)
        seen += sql.lstrip().upper().startswith(WRITES)
        if seen == blow:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    with connection.execute_wrapper(axe):
        act()
    connection.close()
    os._exit(0)
