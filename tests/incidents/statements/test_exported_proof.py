"""The export carries who signed what; anyone computes a fingerprint by the documented recipe."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from incidents.models import Incident, Statement, Version
from incidents.statements import actions
from incidents.statements.actions.together import attach_files
from teams.models import Team, User
from tests.incidents.archive.test_export import alone, export, restore
from tests.incidents.signoff.conftest import MINUTE, WORDS, approve, draft
from tests.incidents.signoff.test_releases import agree

pytestmark = pytest.mark.django_db

RECIPES = Path(__file__).parents[3] / "docs" / "verify" / "FINGERPRINT.md"
HOSTILE = {
    "emoji": "Sorry 🍕👩‍👩‍👧‍👦 and \U0001f1eb\U0001f1f7",
    "right to left": "نحن نتحقق الآن. \u202eabc\u202c שלום",
    "quotes": 'She said: "no" \\ and \\u0041 \' “yes” « non »',
    "separators": "one\u2028two\u2029three\u0085four\u00a0five",
    "control characters": "tab\there, bell\x07, escape\x1b, form\x0cfeed, delete\x7f.",
    "decomposed": "Cafe\u0301 à l'e\u0302tat brut, ﬁn, ½, Å",
    "carriage returns": "one\r\ntwo\rthree   \r\n\r\n",
    "markup": "</script><script>alert(1)</script> <!-- & -->",
    "json": '{"text": null, "a": [1e21, -0.0]}',
    "beyond the base plane": "\U00010000\uffff\U0010fffd\ue000",
    "very long": "All lots were checked. 🍕 " * 8000,
}


def recipe(language: str, nth: int = 0) -> str:
    """Return a block of the document, as a reader would copy it."""
    blocks = re.findall(rf"```{language}\n(.*?)```", RECIPES.read_text(encoding="utf-8"), re.DOTALL)
    return str(blocks[nth])


def python(folder: Path, code: str, given: str) -> str:
    path = folder / "given.json"
    path.write_text(given, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "-X", "utf8", "-c", code, str(path)],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout


@pytest.fixture
def hostile(staffed: Incident, ines: User, client: Client) -> Callable[[str], Version]:
    """Save a version of such a text, with channels given in another order and two files."""

    def save(text: str) -> Version:
        made = draft(staffed, ines, now(), text=text, channels=["x", "website", "email", "sms"])
        actions.save_draft(
            made,
            text=text,
            channel_texts={"x": text[:50] + '"\\\u2028', "email": "Ä\u0308\r\n🍕"},
            revision=0,
            by=ines,
            at=now(),
        )
        files = [ContentFile(b"GIF89a" + n, f"{n.decode()}.gif") for n in (b"b", b"a")]
        attach_files(made, files=files, by=ines, at=now())
        return actions.save_version(made, reason="“Why”\u2028", submit=True, by=ines, at=now())

    return save


@pytest.mark.parametrize("name", HOSTILE)
def test_the_documented_recipes_compute_the_fingerprint_of_any_text(
    hostile: Callable[[str], Version], client: Client, karim: User, tmp_path: Path, name: str
) -> None:
    version = hostile(HOSTILE[name])
    approve(version.statement, karim, now())
    client.force_login(karim)
    told = fetched(client, version, "statement-proof-file")
    lines = python(tmp_path, recipe("python"), told.decode()).splitlines()
    assert lines[0] == version.fingerprint
    assert [line.split()[-1] for line in lines[1:]] == ["True"]
    signed = fetched(client, version, "statement-proof-text")
    assert shell(tmp_path, 'sha256sum "$1" | cut -c 1-64', signed) == version.fingerprint
    by_jq = shell(tmp_path, recipe("sh"), told)
    # The document says so: jq 1.6 writes U+007F in another way.
    assert by_jq == version.fingerprint or name == "control characters"
    assert fetched(client, version, "statement-proof")


def fetched(client: Client, version: Version, name: str) -> bytes:
    address = [version.statement.incident.reference, version.statement.number]
    answer = client.get(reverse(f"incidents:{name}", args=address))
    assert answer.status_code == 200
    return answer.content


def shell(folder: Path, code: str, given: bytes) -> str:
    if not all(map(shutil.which, ("jq", "openssl", "sha256sum"))):
        pytest.skip("jq, openssl and sha256sum are not all here")
    path = folder / "given.json"
    path.write_bytes(given)
    done = subprocess.run(
        ["sh", "-c", code, "sh", str(path)], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_the_recipe_for_exports_and_the_stand_alone_verifier_agree_on_any_text(
    hostile: Callable[[str], Version], nine: datetime, tmp_path: Path
) -> None:
    versions = [hostile(text) for text in HOSTILE.values()]
    record = export(versions[0].statement.incident, nine)
    said = python(tmp_path, recipe("python", 1), json.dumps(record)).splitlines()
    assert said == [f"{v.statement.number} 1 {v.fingerprint} True" for v in versions]
    assert alone(tmp_path, record)[0] == 0


def test_half_a_character_never_becomes_a_version(
    client: Client, statement: Statement, ines: User
) -> None:
    client.force_login(ines)
    address = reverse(
        "incidents:statement-save-draft", args=[statement.incident.reference, statement.number]
    )
    half = b"text=Half+%ED%A0%BC&revision=0"
    client.post(address, data=half, content_type="application/x-www-form-urlencoded")
    statement.draft.refresh_from_db()
    assert not re.search("[\ud800-\udfff]", statement.draft.text)


def test_the_export_carries_what_each_signer_had_before_them(
    good: Statement, karim: User, claire: User, nine: datetime
) -> None:
    publish(good, claire, nine)
    record = export(good.incident, nine)
    (version,) = record["statements"][0]["versions"]
    (round_,) = version["rounds"]
    mine = next(d for d in round_["decisions"] if d["signer"]["name"] == karim.name)
    assert mine["fingerprint"] == version["fingerprint"]
    assert (mine["capacity"], mine["stage"], mine["role"]["slug"]) == ("holder", 1, "legal_counsel")
    assert mine["decided_at"] == "2030-03-01T09:01:00.000000Z"
    assert mine["screen"]["reason"] == "First words"
    assert [p["round"] for p in record["publications"]] == [round_["key"]]


def publish(statement: Statement, by: User, at: datetime) -> None:
    actions.record_publication(
        statement, channel="x", published_at=at + MINUTE, by=by, at=at + MINUTE
    )


def test_a_restored_record_keeps_the_proof(
    good: Statement, claire: User, nine: datetime, tmp_path: Path
) -> None:
    publish(good, claire, nine)
    record = export(good.incident, nine)
    elsewhere = Team.objects.create(slug="elsewhere", name="Another house", prefix="EL")
    restored = restore(elsewhere, record, nine)
    again = export(restored, nine)
    assert again["restored"]["statements"] == record["statements"]
    code, said = alone(tmp_path, again)
    assert (code, "1 versions of statements" in said) == (0, True)
    decisions = again["restored"]["statements"][0]["versions"][0]["rounds"][0]["decisions"]
    decisions[0]["fingerprint"] = "0" * 64
    assert alone(tmp_path, again)[0] == 1


def first_round(record: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = record["statements"][0]["versions"][0]["rounds"][0]
    return found


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda r: first_round(r)["decisions"].pop(), "is called signed, and is not"),
        (lambda r: first_round(r)["decisions"][0].update(verdict="refuse"), "is called signed"),
        (lambda r: first_round(r)["decisions"][0].update(fingerprint="0" * 64), "another text"),
        (lambda r: first_round(r).update(fingerprint="0" * 64), "asked for another text"),
        (lambda r: first_round(r)["stages"].clear(), "is called signed, and is not"),
        (lambda r: r["publications"][0].update(round=0), "is called signed, and is not"),
        (lambda r: r["publications"][0].update(fingerprint="0" * 64), "of no text of this record"),
        (lambda r: r["publications"][0].update(version=7), "of no text of this record"),
        (lambda r: r["publications"][0].update(basis="oral"), "is called released, and is not"),
    ],
)
def test_the_stand_alone_verifier_finds_what_is_called_signed_and_is_not(
    good: Statement,
    claire: User,
    nine: datetime,
    tmp_path: Path,
    spoil: Callable[[dict[str, Any]], Any],
    why: str,
) -> None:
    publish(good, claire, nine)
    record = export(good.incident, nine)
    assert alone(tmp_path, record)[0] == 0
    spoil(record)
    code, said = alone(tmp_path, record)
    assert code == 1
    assert why in said


def test_the_verifier_accepts_typos_and_words_on_the_telephone_for_what_they_are(
    in_signoff: Statement,
    ines: User,
    claire: User,
    karim: User,
    thomas: User,
    helene: User,
    nine: datetime,
    tmp_path: Path,
) -> None:
    approve(in_signoff, thomas, nine)
    actions.save_draft(
        in_signoff,
        text=WORDS.replace("checking", "cheking"),
        channel_texts={},
        revision=0,
        by=ines,
        at=nine,
    )
    actions.save_version(in_signoff, reason="", change="typo", by=ines, at=nine)
    approve(in_signoff, helene, nine)
    agree(in_signoff, "legal_counsel", karim, claire, nine)
    in_signoff.refresh_from_db()
    publish(in_signoff, claire, nine)
    record = export(in_signoff.incident, nine)
    assert record["publications"][0]["basis"] == "oral"
    assert alone(tmp_path, record)[0] == 0
    stands = record["statements"][0]["versions"][1]["rounds"][0]["stages"][0]["seats"]
    told = next(s["carried_from"] for s in stands if "carried_from" in s)
    assert (told["version"], told["signer"]["name"]) == (1, thomas.name)
    told["signer"] = {"id": "x", "name": "Nobody"}
    code, said = alone(tmp_path, record)
    assert (code, "never given" in said) == (1, True)
