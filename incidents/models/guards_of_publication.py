"""
Rule 1 in the database: what is called signed, good to publish or published was signed.

Lines to take and prepared texts are signed and used, and never themselves what is published.
"""

from typing import Final

from crisisdesk.kit.guards import Guard, only_grows

UNSIGNED_STAGE: Final = """EXISTS (
  SELECT 1 FROM incidents_stage s WHERE s.round_id = {round} AND s.needed > (
    SELECT COUNT(*) FROM incidents_decision d JOIN incidents_seat e ON e.id = d.seat_id
    JOIN incidents_round r ON r.id = d.round_id
    WHERE e.stage_id = s.id AND d.round_id = {round} AND d.verdict = 'approve'
      AND d.fingerprint = r.fingerprint) + (
    SELECT COUNT(*) FROM incidents_seat e
    WHERE e.stage_id = s.id AND e.carried_from_id IS NOT NULL){orally})
OR NOT EXISTS (SELECT 1 FROM incidents_stage s WHERE s.round_id = {round})"""
# At least one person signed exactly this text, whatever a typo lets stand.
UNSIGNED: Final = (
    """NOT EXISTS (SELECT 1 FROM incidents_decision d
  JOIN incidents_round r ON r.id = d.round_id WHERE d.round_id = {round}
    AND d.verdict = 'approve' AND d.fingerprint = r.fingerprint) OR """
    + UNSIGNED_STAGE
)
ORALLY: Final = """ + (SELECT COUNT(*) FROM incidents_release o
    JOIN incidents_seat e ON e.id = o.seat_id WHERE e.stage_id = s.id)"""

# The keys of a version's channel texts are the channels it was signed for.
INCOMPLETE: Final = f"""NEW.basis <> 'unsigned' AND (
  NOT EXISTS (SELECT 1 FROM incidents_round r JOIN incidents_version v ON v.id = r.version_id
    WHERE r.id = NEW.round_id AND r.version_id = NEW.version_id
      AND r.outcome = CASE WHEN NEW.basis = 'signed' THEN 'approved' ELSE 'released' END
      AND v.statement_id = NEW.statement_id AND v.fingerprint = NEW.fingerprint
      AND r.fingerprint = NEW.fingerprint
      AND EXISTS (SELECT 1 FROM incidents_statement t WHERE t.id = NEW.statement_id
        AND t.kind = v.kind AND t.language = v.language)
      AND CAST(v.channel_texts AS TEXT) LIKE '%"' || NEW.channel || '":%'
      AND v.audience = (SELECT a.slug FROM teams_audience a WHERE a.id = NEW.audience_id))
  OR (NEW.basis = 'signed' AND (EXISTS (SELECT 1 FROM incidents_decision d
      WHERE d.round_id = NEW.round_id AND d.verdict <> 'approve')
    OR {UNSIGNED.format(round="NEW.round_id", orally="")}))
  OR (NEW.basis <> 'signed' AND NOT EXISTS (SELECT 1 FROM incidents_release l
    WHERE l.id = NEW.release_id AND l.round_id = NEW.round_id AND l.form = NEW.basis
      AND l.version_id = NEW.version_id AND l.fingerprint = NEW.fingerprint))
  OR (NEW.basis = 'oral' AND EXISTS (SELECT 1 FROM incidents_release l
    WHERE l.round_id = NEW.round_id AND l.outcome = 'denied')))"""


# A team's prepared texts lie in a room of their own, in which nothing happens outside.
NOTHING_GOES_OUT: Final = """EXISTS (SELECT 1 FROM incidents_incident i
  WHERE i.id = NEW.incident_id AND i.is_library)
OR (NEW.statement_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM incidents_statement t
  WHERE t.id = NEW.statement_id AND t.incident_id = NEW.incident_id))
OR (NEW.basis <> 'unsigned' AND EXISTS (SELECT 1 FROM incidents_statement t
  WHERE t.id = NEW.statement_id AND t.kind = 'line'))"""
GOOD: Final = """NEW.status = 'good' AND OLD.status <> 'good' AND NOT EXISTS (
  SELECT 1 FROM incidents_round r JOIN incidents_version v ON v.id = r.version_id
  WHERE v.statement_id = NEW.id AND r.outcome IN ('approved', 'released')
    AND r.fingerprint = v.fingerprint AND v.number = (SELECT MAX(w.number)
      FROM incidents_version w WHERE w.statement_id = NEW.id))"""

PUBLICATION: Final[list[Guard]] = [
    *only_grows("incidents_publication"),
    Guard(
        "incidents_publication_once_per_channel",
        "incidents_publication",
        "INSERT",
        "The table incidents_publication only grows: this publication is on record",
        "NEW.basis <> 'unsigned' AND EXISTS (SELECT 1 FROM incidents_publication p "
        "WHERE p.basis <> 'unsigned' AND p.version_id = NEW.version_id "
        "AND p.channel = NEW.channel)",
    ),
    Guard(
        "incidents_publication_signed",
        "incidents_publication",
        "INSERT",
        "Nothing is called published that was not signed",
        INCOMPLETE,
    ),
    Guard(
        "incidents_publication_of_what_goes_out",
        "incidents_publication",
        "INSERT",
        "A line to take or a prepared text is not itself published",
        NOTHING_GOES_OUT,
    ),
    Guard(
        "incidents_statement_published_when_signed",
        "incidents_statement",
        "UPDATE",
        "Nothing is called published that was not signed",
        "NEW.status = 'published' AND OLD.status <> 'published' AND NOT EXISTS (SELECT 1 "
        "FROM incidents_publication p WHERE p.statement_id = NEW.id AND p.basis <> 'unsigned')",
    ),
    Guard(
        "incidents_statement_good_when_signed",
        "incidents_statement",
        "UPDATE",
        "Nothing is called good to publish that was not signed",
        GOOD,
    ),
    Guard(
        "incidents_statement_superseded_when_published",
        "incidents_statement",
        "UPDATE",
        "Only what was published is superseded, and stays so",
        "(NEW.status = 'superseded' AND OLD.status NOT IN ('published', 'superseded')) "
        "OR (OLD.status = 'superseded' AND NEW.status NOT IN ('superseded', 'withdrawn'))",
    ),
]
