"""The house: its people, who signs in with what, and short ways to name things in the story."""

from __future__ import annotations

import unicodedata
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.core.files.base import File as StoredFile

from incidents.models import Draft, Incident, Occurred, Publication, Release, Statement
from incidents.roles.actions import accept_role, assign_role
from incidents.signoff.actions.releasing import record_oral_agreement
from incidents.signoff.releases import choices
from incidents.statements.actions.publishing import record_publication
from incidents.statements.actions.signing import approve_statement
from incidents.statements.actions.writing import draft_statement, save_draft, save_version
from incidents.statements.citing import standing
from incidents.timeline.actions import log_entry
from teams.actions import add_person, found_team, join_team
from teams.models import Audience, Function, Role, Team, User

# A part of the story says when it goes on, and is told when that moment has come.
Story: TypeAlias = Generator[datetime, datetime, None]

HERE: Final = Path(__file__).parent
PASSWORD: Final = "bella-quattro-formaggi"  # noqa: S105 (the demo's, printed for everyone)
EVENING: Final = timedelta(hours=21, minutes=54)  # the hour at which the reader comes in

# Key, name, language, function, title, what they are shown as in the list of sign-ins.
PEOPLE: Final = [
    ("claire", "Claire Morvan", "en", "communications", "Communications director", "crisis lead"),
    ("thomas", "Thomas Nguyen", "en", "communications", "Head of press", "communications lead"),
    ("ines", "Inès Carvalho", "en", "marketing", "Community manager", "social media lead"),
    ("karim", "Karim Haddad", "fr", "legal", "Directeur juridique", "legal counsel"),
    ("helene", "Hélène Verdier", "fr", "executive", "Présidente", "executive sponsor"),
    ("julien", "Julien Petit", "fr", "customer_service", "Service consommateurs", "customer care"),
    ("nadia", "Nadia Benali", "fr", "quality", "Directrice qualité", "quality and safety lead"),
    ("elise", "Élise Martin", "en", "communications", "Media analyst", "monitoring analyst"),
    (
        "amel",
        "Amel Kaci",
        "fr",
        "customer_service",
        "Conseillère consommateurs",
        "scribe (offered)",
    ),
    ("camille", "Camille Dubois", "fr", "hr", "Communication interne", "no role yet"),
    ("antoine", "Antoine Leroy", "en", "hr", "Data protection officer", "data protection officer"),
    ("samuel", "Samuel Okoye", "en", "it", "Head of IT", "IT liaison, administrator"),
    ("pauline", "Pauline Girard", "en", "hr", "Head of employee relations", "HR liaison"),
    ("sophie", "Sophie Lemaire", "fr", "legal", "Juriste", "deputy of legal counsel"),
    ("marc", "Marc Aubry", "en", "executive", "Chief operating officer", "deputy of the executive"),
    ("lucas", "Lucas Faure", "fr", "marketing", "Réseaux sociaux", "deputy, social media"),
    ("yann", "Yann Le Goff", "en", "quality", "Traceability manager", "recall lead"),
    ("paul", "Paul Renaud", "fr", "external", "Avocat", "outside counsel, signs one text"),
]
ADMINISTRATOR: Final = "samuel"
OUTSIDE: Final = frozenset({"paul"})


@dataclass
class House:
    """The team, its people by first name, and the reader's now (a whole minute)."""

    now: datetime
    team: Team
    people: dict[str, User] = field(default_factory=dict)

    def __getitem__(self, name: str) -> User:
        return self.people[name]

    def clock(self, time: str, *, days: int = 0) -> datetime:
        """Return the moment that the story's clock shows 17:31, some days ago."""
        hours, minutes = map(int, time.split(":"))
        back = EVENING - timedelta(hours=hours, minutes=minutes)
        return self.now - back + timedelta(days=days)

    def shown(self, at: datetime, *, in_french: bool = False) -> str:
        """Write a time as a statement says it to the public: on the team's own clock."""
        there = at.astimezone(self.team_zone)
        return f"{there.hour}\u00a0h\u00a0{there:%M}" if in_french else f"{there:%H:%M}"

    @property
    def team_zone(self) -> ZoneInfo:
        return ZoneInfo(self.team.zone)


def email(name: str) -> str:
    """Return the address of a person: Inès Carvalho is ines.carvalho@verdier.example."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return f"{plain.replace(' ', '.', 1).replace(' ', '')}@verdier.example"


def move_in(now: datetime) -> House:
    """Found the team and let its people in, a week before the story."""
    at = now - timedelta(days=9)
    team = found_team(
        slug="maison-verdier", name="Maison Verdier", prefix="MV", by=None, at=at, language="en"
    )
    house = House(now=now, team=team)
    functions = {one.slug: one for one in Function.objects.all()}
    for key, name, language, function, title, _shown in PEOPLE:
        person = add_person(
            email=email(name),
            name=name,
            title=title,
            language=language,
            reads=["en", "fr"],
            function=functions[function],
            is_staff=key == ADMINISTRATOR,
            by=None,
            at=at,
        )
        house.people[key] = person
        if key not in OUTSIDE:
            admin = key in (ADMINISTRATOR, "claire")
            join_team(person, team, by=None, at=at, is_admin=admin)
    # One password for all, worked out once: a hash takes a third of a second.
    User.objects.filter(pk__in=[one.pk for one in house.people.values()]).update(
        password=make_password(PASSWORD)
    )
    return house


def role(slug: str) -> Role:
    return Role.objects.get(slug=slug)


def audience(slug: str) -> Audience:
    return Audience.objects.get(slug=slug)


def picture(name: str) -> StoredFile[bytes]:
    return ContentFile((HERE / "files" / name).read_bytes(), name=name)


def staff(
    incident: Incident, roles: Mapping[str, tuple[User, User | None]], *, by: User, at: datetime
) -> None:
    """Give roles with their deputies; everybody is there and accepts at once."""
    for slug, (person, deputy) in roles.items():
        assignment = assign_role(
            incident, role=role(slug), user=person, deputy=deputy, by=by, at=at
        )
        if person != by:
            accept_role(assignment, by=person, at=at)


def log(
    incident: Incident,
    kind: str,
    text: str,
    *,
    by: User,
    at: datetime,
    earlier: int = 0,
    why: str = "",
    on_behalf_of: str = "",
    key_moment: bool = False,
    privileged: bool = False,
) -> None:
    """Write an entry; it happened `earlier` minutes before it was written down."""
    log_entry(
        incident,
        kind=kind,
        text=text,
        occurred=Occurred.exactly(at - timedelta(minutes=earlier)),
        why=why,
        on_behalf_of=on_behalf_of,
        key_moment=key_moment,
        privileged=privileged,
        by=by,
        at=at,
    )


def write(
    incident: Incident,
    *,
    title: str,
    kind: str,
    to: str,
    channels: dict[str, str],
    text: str,
    language: str = "en",
    corrects: Statement | None = None,
    by: User,
    at: datetime,
) -> Statement:
    """Begin a statement with its texts; an empty text of a channel is the text above."""
    statement = draft_statement(
        incident,
        title=title,
        kind=kind,
        audience=audience(to),
        language=language,
        channels=channels,
        text=text,
        corrects=corrects,
        by=by,
        at=at,
    )
    rewrite(statement, text=text, channels=channels, by=by, at=at)
    return statement


def rewrite(
    statement: Statement, *, text: str, channels: dict[str, str], by: User, at: datetime
) -> None:
    draft = Draft.objects.get(statement=statement)
    save_draft(statement, text=text, channel_texts=channels, revision=draft.revision, by=by, at=at)


def version(
    statement: Statement, reason: str, *, by: User, at: datetime, submit: bool = False
) -> None:
    save_version(statement, reason=reason, by=by, at=at, submit=submit)


def sign(statement: Statement, *, by: User, at: datetime, comment: str = "") -> None:
    """Approve the newest version, as it stands on the signer's screen, beside the last they saw."""
    newest = statement.versions.latest("number")
    seen = statement.versions.filter(decisions__signer=by).order_by("-number").first()
    approve_statement(
        statement,
        version=newest.number,
        fingerprint=newest.fingerprint,
        base_version=seen.number if seen else None,
        cited=standing([statement])[statement.pk].stamp,
        comment=comment,
        by=by,
        at=at,
    )


def agree(statement: Statement, *, who: User, reason: str, by: User, at: datetime) -> Release:
    """Record that somebody agreed on the telephone to the newest version, read aloud to them."""
    newest = statement.versions.latest("number")
    round_ = newest.rounds.latest("pk")
    seat = next(
        one.seat for one in choices(round_, statement.incident, by=by, at=at) if one.person == who
    )
    return record_oral_agreement(
        statement,
        version=newest.number,
        fingerprint=newest.fingerprint,
        seat=seat,
        approver=who,
        reason=reason,
        by=by,
        at=at,
    )


def publish(
    statement: Statement,
    channels: list[str],
    *,
    by: User,
    at: datetime,
    next_update_at: datetime | None = None,
) -> list[Publication]:
    """Record that the signed text stands on these channels."""
    text = statement.versions.latest("number").channel_texts
    return [
        record_publication(
            statement,
            channel=channel,
            published_at=at,
            link=f"https://{channel}.verdier.example/{statement.uuid}",
            posted_text=text[channel],
            next_update_at=next_update_at,
            by=by,
            at=at,
        )
        for channel in channels
    ]
