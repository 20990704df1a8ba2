#!/usr/bin/env python3
"""
Check a record exported from CrisisDesk, without CrisisDesk.

    python3 verify_export.py EXPORT.json [--head HASH] [--number N]

Needs Python 3.9 or newer and nothing else; shares no code with CrisisDesk. Exit code 0: whole.
1: not whole, the first bad entry is named. 2: wrong usage, or no such export. How it works, and
what it can and cannot show, is told in README.md beside this file.
"""

import argparse
import hashlib
import json
import math
import sys

RECORD = "crisisdesk-record/1"
ENTRY = "crisisdesk-entry/1"
CHAIN = "crisisdesk-chain/1"
STATEMENT = "crisisdesk-statement/1"


class Broken(Exception):
    """The record is not whole; the message says where."""


def canonical(value):
    """Return the JSON Canonicalization Scheme (RFC 8785) of a value, as text."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int):
        if abs(value) > 2**53 - 1:
            raise Broken(f"the number {value} is too large for RFC 8785")
        return str(value)
    if isinstance(value, float):
        return number(value)
    if isinstance(value, list):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    names = sorted(value, key=lambda name: name.encode("utf-16-be"))
    return "{" + ",".join(canonical(n) + ":" + canonical(value[n]) for n in names) + "}"


def number(value):
    """Write a float as ECMAScript does (RFC 8785, 3.2.2.3)."""
    if not math.isfinite(value):
        raise Broken("a number is not finite")
    if value == 0:
        return "0"
    if value < 0:
        return "-" + number(-value)
    mantissa, _e, exponent = f"{value!r}".partition("e")
    whole, _dot, rest = mantissa.partition(".")
    rest = "" if rest == "0" else rest
    digits = (whole + rest).lstrip("0")
    point = (
        len(whole) + int(exponent or 0)
        if whole != "0"
        else (int(exponent or 0) - (len(rest) - len(rest.lstrip("0"))))
    )
    digits = digits.rstrip("0") or "0"
    if len(digits) <= point <= 21:
        return digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    power = point - 1
    tail = "." + digits[1:] if len(digits) > 1 else ""
    return f"{digits[0]}{tail}e{'+' if power >= 0 else '-'}{abs(power)}"


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def hash_of(value):
    return sha256(canonical(value).encode("utf-8"))


def genesis(segment):
    """Return what the first entry of a chain calls the hash before it."""
    value = {"format": CHAIN, "subject": segment["subject"]}
    if segment["foreign_head"]:
        value["foreign_head"] = segment["foreign_head"]
        value["foreign_number"] = segment["foreign_number"]
    return hash_of(value)


def check_entry(entry, expected, previous):
    n = entry["number"]
    if n != expected:
        raise Broken(f"entry {expected}: missing, entry {n} follows")
    if entry["previous"] != previous:
        raise Broken(f"entry {n}: does not follow the one before it")
    link = {
        "format": ENTRY,
        "previous": previous,
        "number": n,
        "recorded_at": entry["recorded_at"],
        "commitment": entry["commitment"],
    }
    if entry["hash"] != hash_of(link):
        raise Broken(f"entry {n}: was changed, its hash does not fit")
    if entry["content"] is not None:
        said = bytes.fromhex(entry["salt"]) + canonical(entry["content"]).encode("utf-8")
        if entry["commitment"] != sha256(said):
            raise Broken(f"entry {n}: says something else than was recorded")


def check_chain(record):
    """Follow the chains from entry 1 to the head; return number and hash of the last entry."""
    entries, at, before = record["chain"]["entries"], 0, None
    for segment in record["chain"]["segments"]:
        expected = (before["last"] + 1, before["last"], before["head"]) if before else (1, 0, "")
        found = (segment["first"], segment["foreign_number"], segment["foreign_head"])
        if found != expected:
            raise Broken(f"entry {segment['first']}: its chain does not follow the one before")
        previous = genesis(segment)
        for n in range(segment["first"], segment["last"] + 1):
            if at >= len(entries):
                raise Broken(f"entry {n}: missing, the end is cut")
            check_entry(entries[at], n, previous)
            previous, at = entries[at]["hash"], at + 1
        if previous != segment["head"]:
            raise Broken(f"entry {segment['last']}: is not the one that was last recorded")
        before = segment
    if before is None or before["subject"] != record["incident"]["uuid"]:
        raise Broken("entry 1: the chain belongs to another incident")
    if at < len(entries):
        raise Broken(f"entry {entries[at]['number']}: stands past the end of the record")
    return before["last"], before["head"]


def check_statements(record):
    """Compute every fingerprint anew, and hold every sign-off and release against it."""
    count = 0
    for statement in record.get("statements", []):
        versions = {version["number"]: version for version in statement["versions"]}
        for version in statement["versions"]:
            name = f"statement {statement['number']}, version {version['number']}"
            if version["fingerprint"] != fingerprint_of(statement, version):
                raise Broken(f"{name}: the text does not fit its fingerprint")
            for one in version["rounds"]:
                check_round(one, version["fingerprint"], versions, name)
            count += 1
    for one in record.get("publications", []):
        check_publication(record, one)
    return count


def fingerprint_of(statement, version):
    bound = {
        "format": STATEMENT,
        "statement": statement["uuid"],
        "kind": version["kind"],
        "language": version["language"],
        "audience": version["audience"],
        "text": version["text"],
        "channel_texts": version["channel_texts"],
        "attachments": sorted(
            {one["sha256"] if isinstance(one, dict) else one for one in version["attachments"]}
        ),
    }
    return hash_of(bound)


def check_round(one, fingerprint, versions, name):
    if one["fingerprint"] != fingerprint:
        raise Broken(f"{name}: sign-off was asked for another text")
    for decision in one["decisions"]:
        if decision["fingerprint"] != fingerprint:
            raise Broken(f"{name}: a sign-off is bound to another text")
        base = decision.get("base_version")
        shown = decision.get("screen", {}).get("base_fingerprint")
        if base and shown and versions[base]["fingerprint"] != shown:
            raise Broken(f"{name}: a difference on a screen was against another text")
    for release in one.get("releases", []):
        if release["fingerprint"] != fingerprint:
            raise Broken(f"{name}: a release is bound to another text")
    check_carried(one, versions, name)


def check_carried(one, versions, name):
    for stands in carried(one):
        given = [d for r in versions[stands["version"]]["rounds"] for d in r["decisions"]]
        if not any(d["verdict"] == "approve" and d["signer"] == stands["signer"] for d in given):
            raise Broken(f"{name}: a sign-off that is said to stand was never given")


def carried(one, stage=None):
    """Return the sign-offs of a round, or of one stage, that stand although a typo was mended."""
    stages = one["stages"] if stage is None else [stage]
    seats = [seat for each in stages for seat in each["seats"]]
    return [seat["carried_from"] for seat in seats if seat.get("carried_from")]


def check_publication(record, one):
    """What is called signed rests on complete sign-offs, what was released on its release."""
    if one["basis"] == "unsigned":
        return
    name = f"the publication of {one['published_at']} on {one['channel']}"
    texts = [s for s in record["statements"] if s["uuid"] == one["statement"]]
    found = [v for s in texts for v in s["versions"] if v["number"] == one["version"]]
    if len(found) != 1 or found[0]["fingerprint"] != one["fingerprint"]:
        raise Broken(f"{name}: is of no text of this record")
    rounds = [r for r in found[0]["rounds"] if r.get("key") == one.get("round")]
    if one["basis"] == "signed":
        if not any(complete(each, one["recorded_at"]) for each in rounds):
            raise Broken(f"{name}: is called signed, and is not")
    else:
        made = [x for each in rounds for x in each.get("releases", [])]
        if not any((x["key"], x["form"]) == (one["release"], one["basis"]) for x in made):
            raise Broken(f"{name}: is called released, and is not")


def complete(one, at):
    """Tell whether every stage that was asked by then had the sign-offs that it needed."""
    stages = [s for s in one["stages"] if s["opened_at"] and s["opened_at"] <= at]
    return bool(stages) and all(given(one, stage, at) >= stage["needed"] for stage in stages)


def sits_in(decision, stage):
    """Older exports name no stage with a decision, but whose sign-off it was."""
    if "stage" in decision:
        return decision["stage"] == stage["order"]
    return decision["role"] in stage["seats"]


def given(one, stage, at):
    here = [d for d in one["decisions"] if sits_in(d, stage) and d["decided_at"] <= at]
    approved = sum(1 for d in here if d["verdict"] == "approve")
    confirmed = [
        r
        for r in one.get("releases", [])
        if r["form"] == "oral" and r["outcome"] == "confirmed" and r["stage"] == stage["order"]
    ]
    return approved + len(carried(one, stage)) + len(confirmed)


def check(record):
    number_of_last, head = check_chain(record)
    versions, inside = 0, record
    while inside:
        versions += check_statements(inside)
        inside = inside.get("restored")
    withheld = sum(1 for entry in record["chain"]["entries"] if entry["content"] is None)
    return number_of_last, head, withheld, versions


def check_noted(record, number, head):
    noted = [e["hash"] for e in record["chain"]["entries"] if e["number"] == number]
    if noted != [head.replace(" ", "").lower()]:
        raise Broken(f"entry {number}: is not the one that was noted")


def say_no(code, why):
    sys.stderr.write(f"{why}\n")
    return code


def main():
    parser = argparse.ArgumentParser(description="Check a record exported from CrisisDesk.")
    parser.add_argument("file", metavar="EXPORT.json")
    parser.add_argument("--number", type=int, help="the number of an entry noted before")
    parser.add_argument("--head", help="the hash that this entry had then")
    asked = parser.parse_args()
    try:
        with open(asked.file, encoding="utf-8-sig") as file:
            record = json.load(file)
    except (OSError, ValueError) as error:
        return say_no(2, f"{asked.file}: {error}")
    if not isinstance(record, dict) or record.get("format") != RECORD:
        return say_no(2, f"{asked.file}: no {RECORD}")
    try:
        last, head, withheld, versions = check(record)
        if asked.head:
            check_noted(record, asked.number or last, asked.head)
    except Broken as broken:
        return say_no(1, f"{asked.file}: {broken}")
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        return say_no(1, f"{asked.file}: not in the shape of {RECORD} ({error!r})")
    sys.stdout.write(
        f"{asked.file}: whole. {last} entries, {withheld} of them withheld, "
        f"{versions} versions of statements. Head: {head}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
