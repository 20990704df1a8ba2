"""Read ticked facts on stdin, print the level that the published rule gives, and why."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from incidents.severity import queries, rules
from teams.models import Team

REFUSED = 1
WRONG_USAGE = 2


class Command(BaseCommand):
    help = (
        "Reads ticked facts on stdin and prints level, score, triggers and the sentence why. "
        'Input: one JSON object of facts, or JSON lines {"id": ..., "facts": {...}}. '
        "Uses the shipped rubric and no database unless --team is given."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--team", metavar="SLUG", help="use the rubric of this team")

    def handle(self, *_args: Any, **options: Any) -> None:
        body = _rubric(options["team"])
        text = sys.stdin.read()
        if not text.strip():
            raise CommandError(
                "Nothing on stdin. Give facts as one JSON object, or as JSON lines.",
                returncode=WRONG_USAGE,
            )
        answers = [_answer(body, item, where) for where, item in _items(text)]
        for answer in answers:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))


def _rubric(slug: str | None) -> rules.Body:
    if slug is None:
        return rules.shipped_rubric()
    team = Team.objects.filter(slug=slug).first()
    if team is None:
        raise CommandError(f"There is no team {slug}.", returncode=WRONG_USAGE)
    body: rules.Body = queries.current_rubric(team).body
    return body


def _items(text: str) -> list[tuple[str, Any]]:
    """Return what was given and where: one object over several lines, or one on each line."""
    try:
        return [("stdin", json.loads(text))]
    except json.JSONDecodeError as whole:
        lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
        found: list[tuple[str, Any]] = []
        for number, line in lines:
            try:
                found.append((f"line {number}", json.loads(line)))
            except json.JSONDecodeError as error:
                fault = whole if _looks_whole(text) else error
                at = fault.lineno if fault is whole else number
                raise CommandError(
                    f"line {at}: not JSON ({fault.msg}).", returncode=REFUSED
                ) from error
        return found


def _looks_whole(text: str) -> bool:
    """Say whether the text was meant as one object: its first line does not end one."""
    return not text.lstrip().splitlines()[0].rstrip().endswith("}")


def _answer(body: rules.Body, item: Any, where: str) -> dict[str, Any]:
    if not isinstance(item, dict):
        raise CommandError(f"{where}: not a JSON object.", returncode=REFUSED)
    facts = item.get("facts") if "facts" in item else item
    if not isinstance(facts, dict):
        raise CommandError(f"{where}: facts is not a JSON object.", returncode=REFUSED)
    try:
        # A case written before this fact existed counts as one without personal data.
        outcome = rules.evaluate(body, _with_personal_data(body, facts))
    except rules.UnknownFact as error:
        raise CommandError(f"{where}: {error}", returncode=REFUSED) from error
    answer: dict[str, Any] = {"id": item["id"]} if "facts" in item and "id" in item else {}
    answer |= {
        "level": outcome.level,
        "name": outcome.name,
        "score": outcome.score,
        "triggers": list(outcome.triggers),
        "why": outcome.why,
    }
    if outcome.open:
        answer["open"] = {
            fact.key: {"mildest": fact.mildest, "worst": fact.worst} for fact in outcome.open
        }
    return answer


def _with_personal_data(body: rules.Body, facts: dict[str, Any]) -> dict[str, Any]:
    if any(fact["key"] == "personal_data" for fact in body["facts"]):
        return {"personal_data": "none", **facts}
    return facts
