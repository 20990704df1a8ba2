"""
What the database itself refuses about incidents, on SQLite and PostgreSQL.

Rule 1: nothing is a signed publication without the complete sign-off of exactly that version.
Rule 2: no decision by an author of the version. Rule 3: a decision carries the fingerprint of
the newest version. Rule 5: the timeline, versions, decisions and publications only grow.
"""

from typing import Final

from crisisdesk.kit.guards import Guard, only_grows
from incidents.models.guards_of_people import PEOPLE
from incidents.models.guards_of_publication import ORALLY, PUBLICATION, UNSIGNED, UNSIGNED_STAGE

FROZEN_ROUND: Final = (
    "NEW.id <> OLD.id OR NEW.version_id <> OLD.version_id OR NEW.policy_id <> OLD.policy_id "
    "OR NEW.opened_at <> OLD.opened_at OR COALESCE(NEW.severity, 0) <> COALESCE(OLD.severity, 0) "
    "OR NEW.fingerprint <> OLD.fingerprint OR NEW.opened_by_id <> OLD.opened_by_id "
    "OR (OLD.outcome = 'void' AND NEW.outcome <> OLD.outcome) "
    "OR (OLD.outcome IN ('changes', 'refused') AND NEW.outcome NOT IN (OLD.outcome, 'released')) "
    "OR (OLD.outcome = 'released' AND NEW.outcome NOT IN ('released', 'void', 'open')) "
    # What rests on agreements is asked anew by a raised severity; a break-glass release stands.
    "OR (OLD.outcome = 'released' AND NEW.outcome = 'open' AND EXISTS (SELECT 1 "
    "FROM incidents_release l WHERE l.round_id = NEW.id AND l.form = 'break_glass')) "
    # A raised severity opens an approved round again, with the stages that were missing.
    "OR (OLD.outcome = 'approved' AND NEW.outcome NOT IN ('approved', 'void', 'open'))"
)

GUARDS: Final[list[Guard]] = [
    *only_grows("incidents_entry", numbered_by="incident_id"),
    *only_grows("incidents_entrycontent", key="entry_id"),
    *only_grows("incidents_rubric"),
    *only_grows("incidents_assessment", unique=[["incident_id", "number"]]),
    *only_grows("incidents_version", unique=[["statement_id", "number"]]),
    *only_grows("incidents_versionauthor", unique=[["version_id", "user_id"]]),
    *only_grows("incidents_decision", unique=[["round_id", "signer_id"], ["seat_id"]]),
    *PUBLICATION,
    *only_grows("incidents_evidence"),
    *only_grows("incidents_round", updates=True),
    # The unique rows of part of a table: INSERT OR REPLACE would remove the one that stands.
    Guard(
        "incidents_round_one_living",
        "incidents_round",
        "INSERT",
        "The table incidents_round only grows: this version has a living round",
        "EXISTS (SELECT 1 FROM incidents_round r WHERE r.version_id = NEW.version_id "
        "AND r.outcome IN ('open', 'approved', 'released'))",
    ),
    *only_grows("incidents_incident", updates=True, unique=[["reference"], ["uuid"]]),
    Guard(
        "incidents_incident_frozen",
        "incidents_incident",
        "UPDATE",
        "An incident keeps its name, and stays the drill or the crisis that it is",
        "NEW.id <> OLD.id OR NEW.uuid <> OLD.uuid OR NEW.reference <> OLD.reference "
        "OR NEW.is_drill <> OLD.is_drill OR NEW.is_library <> OLD.is_library",
    ),
    Guard(
        "incidents_incident_head_goes_on",
        "incidents_incident",
        "UPDATE",
        "The timeline of an incident only grows",
        "NEW.last_entry_number < OLD.last_entry_number "
        "OR NEW.sealed_number <> OLD.sealed_number OR NEW.sealed_head <> OLD.sealed_head",
    ),
    *only_grows("incidents_statement", updates=True, unique=[["incident_id", "number"], ["uuid"]]),
    Guard(
        "incidents_statement_frozen",
        "incidents_statement",
        "UPDATE",
        "A statement keeps its name; once sign-off was asked, its audience and kind too",
        "NEW.id <> OLD.id OR NEW.uuid <> OLD.uuid OR NEW.incident_id <> OLD.incident_id "
        "OR (OLD.status = 'published' AND NEW.status NOT IN "
        "('published', 'superseded', 'withdrawn')) "
        "OR (OLD.status = 'withdrawn' AND NEW.status <> 'withdrawn') "
        "OR (OLD.status <> 'draft' AND (NEW.audience_id <> OLD.audience_id "
        "OR NEW.kind <> OLD.kind OR NEW.language <> OLD.language))",
    ),
    *only_grows("incidents_stage", updates=True, unique=[["round_id", "order"]]),
    *only_grows("incidents_seat", unique=[["stage_id", "role_id"], ["stage_id", "person_id"]]),
    Guard(
        "incidents_seat_carries_a_sign_off",
        "incidents_seat",
        "INSERT",
        "Only a typo leaves a sign-off standing, and only one that was given",
        "NEW.carried_from_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM incidents_decision d "
        "JOIN incidents_seat e ON e.id = d.seat_id JOIN incidents_version w ON w.id = d.version_id "
        "JOIN incidents_version v ON v.statement_id = w.statement_id AND v.number > w.number "
        "JOIN incidents_round r ON r.version_id = v.id "
        "JOIN incidents_policy p ON p.id = r.policy_id "
        "JOIN incidents_stage s ON s.round_id = r.id "
        "WHERE d.id = NEW.carried_from_id AND d.verdict = 'approve' AND s.id = NEW.stage_id "
        "AND v.change = 'typo' AND p.allows_typo "
        "AND COALESCE(e.role_id, 0) = COALESCE(NEW.role_id, 0) "
        "AND COALESCE(e.person_id, 0) = COALESCE(NEW.person_id, 0) "
        "AND NOT EXISTS (SELECT 1 FROM incidents_versionauthor a "
        "WHERE a.version_id = v.id AND a.user_id = d.signer_id))",
    ),
    Guard(
        "incidents_decision_not_by_an_author",
        "incidents_decision",
        "INSERT",
        "Nobody signs their own words",
        "EXISTS (SELECT 1 FROM incidents_versionauthor a "
        "WHERE a.version_id = NEW.version_id AND a.user_id = NEW.signer_id)",
    ),
    Guard(
        "incidents_decision_on_what_was_seen",
        "incidents_decision",
        "INSERT",
        "Nobody signs what they did not see",
        "NOT EXISTS (SELECT 1 FROM incidents_version v JOIN incidents_round r "
        "ON r.version_id = v.id WHERE v.id = NEW.version_id AND r.id = NEW.round_id "
        "AND r.outcome = 'open' AND r.fingerprint = NEW.fingerprint "
        "AND v.fingerprint = NEW.fingerprint AND v.number = (SELECT MAX(w.number) "
        "FROM incidents_version w WHERE w.statement_id = v.statement_id))",
    ),
    Guard(
        "incidents_decision_in_its_stage",
        "incidents_decision",
        "INSERT",
        "This seat is not open in this round",
        "NOT EXISTS (SELECT 1 FROM incidents_seat e JOIN incidents_stage s ON s.id = e.stage_id "
        "WHERE e.id = NEW.seat_id AND s.round_id = NEW.round_id AND s.opened_at IS NOT NULL "
        "AND e.carried_from_id IS NULL) "
        "OR EXISTS (SELECT 1 FROM incidents_release o WHERE o.seat_id = NEW.seat_id)",
    ),
    Guard(
        "incidents_round_frozen",
        "incidents_round",
        "UPDATE",
        "A round keeps its version, policy and outcome",
        FROZEN_ROUND,
    ),
    Guard(
        "incidents_round_approved_when_signed",
        "incidents_round",
        "UPDATE",
        "A round is approved when every stage is signed",
        f"NEW.outcome = 'approved' AND ({UNSIGNED.format(round='NEW.id', orally='')})",
    ),
    Guard(
        "incidents_round_released_by_someone",
        "incidents_round",
        "UPDATE",
        "A round is released by a named person, with a reason",
        "NEW.outcome = 'released' AND NOT EXISTS (SELECT 1 FROM incidents_release l "
        "WHERE l.round_id = NEW.id AND l.form = 'break_glass') "
        "AND (NOT EXISTS (SELECT 1 FROM incidents_release l WHERE l.round_id = NEW.id) "
        f"OR {UNSIGNED_STAGE.format(round='NEW.id', orally=ORALLY)})",
    ),
    Guard(
        "incidents_round_of_what_the_statement_is",
        "incidents_round",
        "INSERT",
        "A version is signed for the kind, language and audience that it was made for",
        "NOT EXISTS (SELECT 1 FROM incidents_version v "
        "JOIN incidents_statement t ON t.id = v.statement_id "
        "JOIN teams_audience a ON a.id = t.audience_id WHERE v.id = NEW.version_id "
        "AND v.kind = t.kind AND v.language = t.language AND v.audience = a.slug)",
    ),
    Guard(
        "incidents_round_opens_open",
        "incidents_round",
        "INSERT",
        "A round begins open",
        "NEW.outcome <> 'open'",
    ),
    Guard(
        "incidents_stage_frozen",
        "incidents_stage",
        "UPDATE",
        "A stage keeps its round, order and number of signers",
        "NEW.id <> OLD.id OR NEW.round_id <> OLD.round_id "
        'OR NEW."order" <> OLD."order" OR NEW.needed <> OLD.needed',
    ),
    Guard(
        "incidents_statement_starts_unpublished",
        "incidents_statement",
        "INSERT",
        "A statement begins as a draft",
        "NEW.status <> 'draft'",
    ),
    *only_grows("incidents_policy", updates=True, unique=[["lineage", "version"]]),
    Guard(
        "incidents_policy_one_in_force",
        "incidents_policy",
        "INSERT",
        "One version of a policy is in force at a time",
        "NEW.is_active AND EXISTS (SELECT 1 FROM incidents_policy p "
        "WHERE p.lineage = NEW.lineage AND p.is_active)",
    ),
    Guard(
        "incidents_policy_frozen",
        "incidents_policy",
        "UPDATE",
        "A version of a policy is not edited: a change is the next version",
        "NEW.id <> OLD.id OR NEW.lineage <> OLD.lineage OR NEW.version <> OLD.version "
        "OR COALESCE(NEW.team_id, 0) <> COALESCE(OLD.team_id, 0) OR NEW.source <> OLD.source "
        "OR COALESCE(NEW.severity, 0) <> COALESCE(OLD.severity, 0) "
        "OR NEW.statement_kind <> OLD.statement_kind OR NEW.channel <> OLD.channel "
        "OR NEW.language <> OLD.language OR NEW.audience <> OLD.audience "
        "OR NEW.stages <> OLD.stages OR NEW.always <> OLD.always "
        "OR NEW.allows_typo <> OLD.allows_typo "
        "OR NEW.allows_break_glass <> OLD.allows_break_glass",
    ),
    *only_grows("incidents_release", updates=True, unique=[["seat_id"]]),
    Guard(
        "incidents_release_once",
        "incidents_release",
        "INSERT",
        "A round is released once, with a reason",
        "TRIM(NEW.reason) = '' OR (NEW.form = 'break_glass' AND EXISTS (SELECT 1 "
        "FROM incidents_release l WHERE l.round_id = NEW.round_id AND l.form = 'break_glass'))",
    ),
    Guard(
        "incidents_release_settled_by_whom_it_is_owed",
        "incidents_release",
        "UPDATE",
        "An agreement is confirmed by its approver, a release reviewed by another person",
        "(NEW.outcome IN ('confirmed', 'denied') AND NEW.settled_by_id <> NEW.approver_id) "
        "OR (NEW.outcome = 'reviewed' AND NEW.settled_by_id = NEW.released_by_id)",
    ),
    Guard(
        "incidents_release_of_the_newest",
        "incidents_release",
        "INSERT",
        "A release names exactly the newest text",
        "NEW.outcome <> '' OR NOT EXISTS (SELECT 1 FROM incidents_version v "
        "JOIN incidents_round r ON r.version_id = v.id WHERE v.id = NEW.version_id "
        "AND r.id = NEW.round_id AND r.fingerprint = NEW.fingerprint "
        "AND v.fingerprint = NEW.fingerprint AND r.outcome NOT IN ('approved', 'void') "
        "AND v.number = (SELECT MAX(w.number) FROM incidents_version w "
        "WHERE w.statement_id = v.statement_id))",
    ),
    Guard(
        "incidents_release_agreed_by_another",
        "incidents_release",
        "INSERT",
        "An oral agreement is that of another person, no author, for an open seat",
        "NEW.form = 'oral' AND (NEW.approver_id = NEW.released_by_id "
        "OR EXISTS (SELECT 1 FROM incidents_versionauthor a "
        "WHERE a.version_id = NEW.version_id AND a.user_id = NEW.approver_id) "
        "OR EXISTS (SELECT 1 FROM incidents_decision d WHERE d.seat_id = NEW.seat_id) "
        "OR NOT EXISTS (SELECT 1 FROM incidents_seat e JOIN incidents_stage s ON s.id = e.stage_id "
        "JOIN incidents_round r ON r.id = s.round_id WHERE e.id = NEW.seat_id "
        "AND e.carried_from_id IS NULL AND s.round_id = NEW.round_id AND r.outcome = 'open'))",
    ),
    Guard(
        "incidents_release_frozen",
        "incidents_release",
        "UPDATE",
        "A release keeps what it says; it is settled once",
        "NEW.id <> OLD.id OR NEW.round_id <> OLD.round_id OR NEW.version_id <> OLD.version_id "
        "OR NEW.fingerprint <> OLD.fingerprint OR NEW.form <> OLD.form "
        "OR NEW.reason <> OLD.reason OR NEW.over_refusal <> OLD.over_refusal "
        "OR NEW.missing <> OLD.missing OR NEW.released_by_id <> OLD.released_by_id "
        "OR NEW.released_at <> OLD.released_at OR NEW.owed_at <> OLD.owed_at "
        "OR COALESCE(NEW.owed_by_id, 0) <> COALESCE(OLD.owed_by_id, 0) "
        "OR COALESCE(NEW.seat_id, 0) <> COALESCE(OLD.seat_id, 0) "
        "OR COALESCE(NEW.approver_id, 0) <> COALESCE(OLD.approver_id, 0) "
        "OR (OLD.outcome <> '' AND (NEW.outcome <> OLD.outcome "
        "OR NEW.settled_words <> OLD.settled_words OR NEW.settled_at <> OLD.settled_at "
        "OR NEW.settled_by_id <> OLD.settled_by_id))",
    ),
    *only_grows("incidents_attestation", unique=[["version_id", "reader_id", "master_version_id"]]),
    Guard(
        "incidents_attestation_by_another",
        "incidents_attestation",
        "INSERT",
        "A translation is attested by somebody who did not write it, for exactly this text",
        "EXISTS (SELECT 1 FROM incidents_versionauthor a "
        "WHERE a.version_id = NEW.version_id AND a.user_id = NEW.reader_id) "
        "OR NEW.fingerprint <> (SELECT v.fingerprint FROM incidents_version v "
        "WHERE v.id = NEW.version_id)",
    ),
    *only_grows("incidents_comment", updates=True),
    Guard(
        "incidents_comment_frozen",
        "incidents_comment",
        "UPDATE",
        "A comment keeps its words",
        "NEW.id <> OLD.id OR NEW.text <> OLD.text OR NEW.made_by_id <> OLD.made_by_id "
        "OR NEW.statement_id <> OLD.statement_id OR NEW.made_at <> OLD.made_at",
    ),
    *only_grows("incidents_suggestion", updates=True),
    Guard(
        "incidents_suggestion_frozen",
        "incidents_suggestion",
        "UPDATE",
        "A suggestion keeps its words and is settled once",
        "NEW.id <> OLD.id OR NEW.wording <> OLD.wording OR NEW.made_by_id <> OLD.made_by_id "
        "OR NEW.version_id <> OLD.version_id OR NEW.statement_id <> OLD.statement_id "
        "OR NEW.made_at <> OLD.made_at OR (OLD.state <> 'open' AND NEW.state <> OLD.state)",
    ),
    *only_grows("incidents_fact", updates=True, unique=[["incident_id", "number"]]),
    *only_grows("incidents_factchange", numbered_by="fact_id"),
    *only_grows("incidents_citation", updates=True),
    *PEOPLE,
]
