"""What always holds, whatever they did."""

from __future__ import annotations

from collections import Counter

from hypothesis.stateful import invariant

from tests.incidents.signoff.machine import reading
from tests.incidents.signoff.machine.languages import Languages

DECIDED = ("signoff.approved", "signoff.changes_requested", "signoff.refused")
RELEASED = ("release.made", "release.made_over_refusal", "release.agreed")
PUBLISHED = "statement.published"
ASSESSED = ("severity.assessed", "severity.overridden")
# Each act and the kinds of the entries that tell of it.
ACTS = {
    "incidents_decision": DECIDED,
    "incidents_version": ("statement.version_saved",),
    "incidents_publication": (PUBLISHED,),
    "incidents_release": RELEASED,
    "incidents_statement": ("statement.drafted",),
    "incidents_assessment": ASSESSED,
    "incidents_exclusion": ("role.excluded",),
}
COUNTS = "SELECT " + ", ".join(f"(SELECT COUNT(*) FROM {table})" for table in ACTS)  # noqa: S608 - no words of anyone


class Life(Languages):
    """Rules 1 to 4 and 6, looked at after every act."""

    def counted(self) -> Counter[str]:
        return Counter(dict(zip(ACTS, reading.first(COUNTS) or (), strict=True)))

    @invariant()
    def the_rules_hold(self) -> None:
        if not hasattr(self, "statement"):
            return
        self.nothing_typed_is_lost()
        if (now := self.entries()) == self.checked:
            return
        self.one_act_is_one_entry(now)
        self.look_at_rounds()
        self.each_is_where_it_says()

    def nothing_typed_is_lost(self) -> None:
        draft = reading.draft_of(self.statement.pk)
        assert (draft.text, draft.own, draft.files) == (self.typed, self.own, self.files)

    def one_act_is_one_entry(self, now: int) -> None:
        """And nothing was decided or published but by the acts that the machine looked at."""
        kinds = reading.rows(
            "SELECT kind FROM incidents_entry WHERE incident_id = %s AND number > %s",
            self.incident.pk,
            self.checked,
        )
        assert len(kinds) == now - self.checked
        self.checked = now
        for (kind,) in kinds:
            for table, begins in ACTS.items():
                self.told[table] += is_of(kind, begins)
        assert self.counted() == self.told
        decided = reading.first(
            "SELECT COUNT(*) FROM incidents_decision d JOIN incidents_version v"
            " ON v.id = d.version_id JOIN incidents_statement s ON s.id = v.statement_id"
            " WHERE s.incident_id = %s",
            self.incident.pk,
        )
        assert decided == (len(self.decided),)
        assert self.told["incidents_publication"] == len(self.seen)

    def each_is_where_it_says(self) -> None:
        """Good to publish, published, superseded, withdrawn: only with what that takes."""
        found = {
            pk: (status, supersedes)
            for pk, status, supersedes in reading.rows(
                "SELECT id, status, supersedes_id FROM incidents_statement WHERE incident_id = %s",
                self.incident.pk,
            )
        }
        for pk, (status, supersedes) in found.items():
            if status in ("published", "superseded"):
                assert pk in self.published
            if supersedes and pk in self.published:
                assert found[supersedes][0] in ("superseded", "withdrawn")
            if status == "superseded":
                assert any(
                    before == pk and one in self.published for one, (_, before) in found.items()
                )
        status = found[self.statement.pk][0]
        newest = self.newest()
        seats = reading.seats_of_version(newest.pk) if newest else []
        outcome = seats[0].outcome if seats else ""
        if status == "good":
            assert outcome in ("approved", "released")
        if status == "in_signoff":
            assert outcome == "open"
        if outcome in ("approved", "released"):
            assert status in ("good", "published", "superseded", "withdrawn")


def is_of(kind: str, begins: tuple[str, ...]) -> bool:
    """Tell a kind of entry, in whoever's place its signer stood and however it was published."""
    for ending in ("_as_deputy", "_as_delegate", "_from_list"):
        kind = kind.removesuffix(ending)
    return kind in begins or (kind.startswith("statement.published") and PUBLISHED in begins)
