"""
What the database itself refuses about incidents, on SQLite and PostgreSQL.

Rule 1: nothing is a signed publication without the complete sign-off of exactly that version.
Rule 2: no decision by an author of the version. Rule 3: a decision carries the fingerprint of
the newest version. Rule 5: the timeline, versions, decisions and publications only grow.
"""

from typing import Final

from crisisdesk.kit.guards import Guard, only_grows

UNSIGNED_STAGE: Final = """EXISTS (
  SELECT 1 FROM incidents_stage s WHERE s.round_id = {round} AND s.needed > (
    SELECT COUNT(*) FROM incidents_decision d JOIN incidents_seat e ON e.id = d.seat_id
    JOIN incidents_round r ON r.id = d.round_id
    WHERE e.stage_id = s.id AND d.round_id = {round} AND d.verdict = 'approve'
      AND d.fingerprint = r.fingerprint))
OR NOT EXISTS (SELECT 1 FROM incidents_stage s WHERE s.round_id = {round})"""

# The keys of a version's channel texts are the channels it was signed for.
INCOMPLETE: Final = f"""NEW.basis = 'signed' AND (
  NOT EXISTS (SELECT 1 FROM incidents_round r JOIN incidents_version v ON v.id = r.version_id
    WHERE r.id = NEW.round_id AND r.outcome = 'approved' AND r.version_id = NEW.version_id
      AND v.statement_id = NEW.statement_id AND v.fingerprint = NEW.fingerprint
      AND r.fingerprint = NEW.fingerprint
      AND CAST(v.channel_texts AS TEXT) LIKE '%"' || NEW.channel || '":%'
      AND v.audience = (SELECT a.slug FROM teams_audience a WHERE a.id = NEW.audience_id))
  OR EXISTS (SELECT 1 FROM incidents_decision d
    WHERE d.round_id = NEW.round_id AND d.verdict <> 'approve')
  OR {UNSIGNED_STAGE.format(round="NEW.round_id")})"""

FROZEN_ROUND: Final = (
    "NEW.id <> OLD.id OR NEW.version_id <> OLD.version_id OR NEW.policy_id <> OLD.policy_id "
    "OR NEW.opened_at <> OLD.opened_at OR COALESCE(NEW.severity, 0) <> COALESCE(OLD.severity, 0) "
    "OR NEW.fingerprint <> OLD.fingerprint OR NEW.opened_by_id <> OLD.opened_by_id "
    "OR (OLD.outcome NOT IN ('open', 'approved') AND NEW.outcome <> OLD.outcome) "
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
    *only_grows("incidents_publication"),
    *only_grows("incidents_evidence"),
    *only_grows("incidents_round", updates=True),
    # The unique rows of part of a table: INSERT OR REPLACE would remove the one that stands.
    Guard(
        "incidents_round_one_living",
        "incidents_round",
        "INSERT",
        "The table incidents_round only grows: this version has a living round",
        "EXISTS (SELECT 1 FROM incidents_round r WHERE r.version_id = NEW.version_id "
        "AND r.outcome IN ('open', 'approved'))",
    ),
    Guard(
        "incidents_publication_once_per_channel",
        "incidents_publication",
        "INSERT",
        "The table incidents_publication only grows: this publication is on record",
        "NEW.basis = 'signed' AND EXISTS (SELECT 1 FROM incidents_publication p "
        "WHERE p.basis = 'signed' AND p.version_id = NEW.version_id "
        "AND p.channel = NEW.channel)",
    ),
    *only_grows("incidents_incident", updates=True, unique=[["reference"], ["uuid"]]),
    Guard(
        "incidents_incident_frozen",
        "incidents_incident",
        "UPDATE",
        "An incident keeps its name, and stays the drill or the crisis that it is",
        "NEW.id <> OLD.id OR NEW.uuid <> OLD.uuid OR NEW.reference <> OLD.reference "
        "OR NEW.is_drill <> OLD.is_drill",
    ),
    Guard(
        "incidents_incident_head_goes_on",
        "incidents_incident",
        "UPDATE",
        "The timeline of an incident only grows",
        "NEW.last_entry_number < OLD.last_entry_number "
        "OR NEW.sealed_number <> OLD.sealed_number OR NEW.sealed_head <> OLD.sealed_head",
    ),
    Guard(
        "incidents_statement_frozen",
        "incidents_statement",
        "UPDATE",
        "A statement keeps its name; once sign-off was asked, its audience and kind too",
        "NEW.id <> OLD.id OR NEW.uuid <> OLD.uuid OR NEW.incident_id <> OLD.incident_id "
        "OR (OLD.status <> 'draft' AND (NEW.audience_id <> OLD.audience_id "
        "OR NEW.kind <> OLD.kind OR NEW.language <> OLD.language))",
    ),
    *only_grows("incidents_stage", updates=True, unique=[["round_id", "order"]]),
    *only_grows("incidents_seat", unique=[["stage_id", "role_id"]]),
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
        "WHERE e.id = NEW.seat_id AND s.round_id = NEW.round_id AND s.opened_at IS NOT NULL)",
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
        f"NEW.outcome = 'approved' AND ({UNSIGNED_STAGE.format(round='NEW.id')})",
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
        "incidents_publication_signed",
        "incidents_publication",
        "INSERT",
        "Nothing is called published that was not signed",
        INCOMPLETE,
    ),
    Guard(
        "incidents_statement_published_when_signed",
        "incidents_statement",
        "UPDATE",
        "Nothing is called published that was not signed",
        "NEW.status = 'published' AND OLD.status <> 'published' AND NOT EXISTS (SELECT 1 "
        "FROM incidents_publication p WHERE p.statement_id = NEW.id AND p.basis = 'signed')",
    ),
    Guard(
        "incidents_statement_starts_unpublished",
        "incidents_statement",
        "INSERT",
        "A statement begins as a draft",
        "NEW.status <> 'draft'",
    ),
]
