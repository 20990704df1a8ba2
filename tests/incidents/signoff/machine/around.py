"""What is signed beside the words: pictures, the words of one channel, what the statement is."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.core.files.base import ContentFile
from hypothesis import strategies as st
from hypothesis.stateful import rule

from crisisdesk.kit.refusals import Refused
from incidents.statements import actions
from incidents.statements.actions import together
from teams.models import Audience
from tests.incidents.signoff.machine.decisions import Deciding
from tests.incidents.signoff.machine.says import Frame
from tests.incidents.signoff.machine.starts import Start
from tests.incidents.signoff.machine.world import MATERIAL, TYPO, people

PICTURES = [b"GIF89a\x01\x00\x01\x00\x80\x00\x00" + name for name in (b"box", b"lot")]
BRIEFS: list[dict[str, Any]] = [
    {"audience": "media"},
    {"audience": "victims"},
    {"channels": ("x",)},
    {"channels": ("website", "x", "letter")},
    {"language": "fr"},
    {"kind": "apology"},
    {"audience": "media", "channels": ("website",)},
    {},
]
SHORT = ["We are checking lot L2231.", "We are cheking lot L2231.", "More at noon.", ""]
# How far it goes on from there: not at all, a version, its sign-off and publication.
then = st.sampled_from(["", "", "save", "out"])


class Around(Deciding):
    """Attaching, wording for one channel, changing the brief."""

    invite: Any

    def go_on(self, who: str, then: str, change: str = MATERIAL) -> None:
        """Have it saved, perhaps by another than whoever changed it: an author all the same."""
        if then:
            self.save_version(who, then == "out", change)
        if then == "out":
            self.everyone_signs()
            for channel in self.frame.channels:
                self.publish("claire", channel)

    def do_also(self, start: Start) -> None:
        """Do what else is done before the first version is saved."""
        if start.also == "picture":
            self.put_a_picture("ines", start.much % 2)
        if start.also == "words":
            self.keep("ines", self.typed, {"x": SHORT[start.much % 3]})
        if start.also == "brief":
            self.change_brief("ines", start.much * 2)
        if start.also == "guest":
            self.invite(signs=start.much < 3, minutes=(20, 60, 600, 60)[start.much])

    @rule(who=people, which=st.integers(0, 1), then=then, said=st.sampled_from([TYPO, MATERIAL]))
    def pictures(self, who: str, which: int, then: str, said: str) -> None:
        """One is put in or, where it is there, taken out; that is no typo whatever they say."""
        self.put_a_picture(who, which)
        self.go_on("ines", then, said)

    def put_a_picture(self, who: str, which: int) -> None:
        picture = PICTURES[which]
        digest = sha256(picture).hexdigest()
        facts: dict[str, Any] = {"by": self.cast[who], "at": self.at}
        if is_there := digest in self.files:
            answer = self.attempt(
                lambda: together.remove_attachment(self.statement, sha256=digest, **facts)
            )
        else:
            file = ContentFile(picture, f"{which}.gif")
            answer = self.attempt(
                lambda: together.attach_files(self.statement, files=[file], **facts)
            )
        if isinstance(answer, Refused):
            return
        self.files = self.files - {digest} if is_there else self.files | {digest}
        self.pending.add(who)
        self.note("a picture taken out" if is_there else "a picture put in")

    @rule(
        who=people,
        channel=st.sampled_from(["website", "x", "x"]),
        words=st.sampled_from(SHORT),
        then=then,
        said=st.sampled_from([TYPO, MATERIAL]),
    )
    def words_for_a_channel(self, who: str, channel: str, words: str, then: str, said: str) -> None:
        others = {one: text for one, text in self.own.items() if one != channel}
        self.keep(who, self.typed, {**others, channel: words} if words else others)
        self.go_on(who, then, said)

    @rule(who=people, which=st.integers(0, len(BRIEFS) - 1), then=then)
    def the_brief(self, who: str, which: int, then: str) -> None:
        """Only a draft changes what it is; the version before that is signed for nothing else."""
        if self.wrote and then == "out" and self.status() == "in_signoff":
            asked = [one for one in self.cast if self.able(one)]
            self.decide(asked[0], "request_changes", 0, "") if asked else None
        self.change_brief(who, which)
        self.submit(who)
        self.go_on("ines", then)

    def status(self) -> str:
        self.statement.refresh_from_db(fields=["status"])
        return self.statement.status

    def change_brief(self, who: str, which: int) -> None:
        wanted = Frame(**{"kind": self.frame.kind, **BRIEFS[which]})
        answer = self.attempt(
            lambda: actions.change_brief(
                self.statement,
                title="Holding statement",
                kind=wanted.kind,
                audience=Audience.objects.get(slug=wanted.audience),
                language=wanted.language,
                channels=list(wanted.channels),
                by=self.cast[who],
                at=self.at,
            )
        )
        assert isinstance(answer, Refused) == (self.status() != "draft"), answer
        if isinstance(answer, Refused):
            self.note("refused: the brief of what is asked")
        elif wanted != self.frame:
            self.frame = wanted
            self.pending.add(who)
            self.note("the brief changed")
