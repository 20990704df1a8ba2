"""What always holds, whatever they did."""

from __future__ import annotations

from hypothesis.stateful import (
    invariant,
)

from incidents.models import (
    Decision,
    Publication,
    Release,
    Round,
    Statement,
    Version,
)
from incidents.statements import material, rules, versions
from tests.incidents.signoff.machine.decisions import Deciding
from tests.incidents.signoff.machine.world import DECIDED, STANDING_IN, TYPO


class Life(Deciding):
    """Rules 1 to 4 and 6, looked at after every act."""

    @invariant()
    def the_rules_hold(self) -> None:
        if not hasattr(self, "statement"):
            return
        self.nothing_typed_is_lost()
        if (now := self.entries()) == self.checked:
            return
        self.checked = now
        self.nothing_is_published_that_was_not_signed()
        self.nobody_signs_their_own_words_nor_what_they_did_not_see()
        self.one_act_is_one_entry()

    def nothing_is_published_that_was_not_signed(self) -> None:
        for one in Publication.objects.filter(statement=self.statement).select_related(
            "version__statement__incident__team", "round", "release"
        ):
            version, round_ = one.version, one.round
            assert version
            assert round_
            assert one.channel in version.channel_texts
            assert one.fingerprint == version.fingerprint == round_.fingerprint
            assert version.fingerprint == rules.fingerprint(
                statement=self.statement.uuid,
                kind=version.kind,
                language=version.language,
                audience=version.audience,
                text=version.text,
                channel_texts=version.channel_texts,
            )
            if one.basis == Publication.Basis.SIGNED:
                self.was_signed(version, round_)
            else:
                assert one.release
                assert one.release.reason
                assert one.release.round == round_
                assert one.release.fingerprint == version.fingerprint
                assert one.release.form == one.basis
        self.statement.refresh_from_db()
        if self.statement.status == Statement.Status.PUBLISHED:
            assert self.statement.publications.exclude(basis="unsigned").exists()
        if self.statement.status == Statement.Status.GOOD:
            newest = self.newest()
            assert newest is not None
            assert newest.rounds.filter(outcome__in=["approved", "released"]).exists()

    def was_signed(self, version: Version, round_: Round) -> None:
        """Every stage has enough people: of this text, or of one that only a typo parts from it."""
        assert round_.stages.exists()
        assert not round_.decisions.exclude(verdict="approve").exists()
        of_this = Decision.objects.filter(round=round_, fingerprint=version.fingerprint)
        assert of_this.exists()
        for stage in round_.stages.prefetch_related("seats__carried_from__version"):
            signed = {d.signer_id for d in of_this.filter(seat__stage=stage)}
            for seat in stage.seats.all():
                if seat.carried_from is None:
                    continue
                before = seat.carried_from
                assert version.change == TYPO
                assert before.verdict == "approve"
                assert seat.key not in round_.policy.always
                assert not material.reasons(
                    versions.wording(before.version), versions.wording(version)
                )
                assert self.name_of(before.signer) not in self.wrote[version.number]
                signed.add(before.signer_id)
            assert len(signed) >= stage.needed

    def nobody_signs_their_own_words_nor_what_they_did_not_see(self) -> None:
        names = {user.pk: name for name, user in self.cast.items()}
        for one in Decision.objects.filter(version__statement=self.statement).select_related(
            "version", "round"
        ):
            assert names[one.signer_id] not in self.wrote[one.version.number]
            assert one.fingerprint == one.version.fingerprint == one.round.fingerprint
            assert one.version_id == one.round.version_id
            assert one.version.number == self.seen_newest[one.pk]

    def nothing_typed_is_lost(self) -> None:
        self.statement.draft.refresh_from_db()
        assert self.statement.draft.text == self.typed

    def one_act_is_one_entry(self) -> None:
        kinds = list(self.incident.entries.values_list("kind", flat=True))
        assert len(kinds) == self.entries()
        decided = [k for k in kinds if self.plain(k) in DECIDED]
        assert len(decided) == Decision.objects.count()
        assert kinds.count("statement.version_saved") == Version.objects.count()
        published = [k for k in kinds if k.startswith("statement.published")]
        assert len(published) == Publication.objects.count()
        released = ("release.made", "release.made_over_refusal", "release.agreed")
        assert len([k for k in kinds if k in released]) == Release.objects.count()

    @staticmethod
    def plain(kind: str) -> str:
        for ending in STANDING_IN:
            kind = kind.removesuffix(ending)
        return kind
