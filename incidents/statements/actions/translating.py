"""The same message in another language: made, read against the original, vouched for."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crisisdesk.kit.refusals import Refused
from incidents.access import people_of
from incidents.models import Attestation, Statement, Version
from incidents.models import approver as events
from incidents.signoff.queries import living_round
from incidents.statements import languages
from incidents.statements.actions.writing import draft_statement
from incidents.statements.moves import NotFromHere, about, facts, locked
from incidents.timeline.actions import record
from teams.models import User


class SameLanguage(Refused):
    """The message exists in this language."""


class NotAReader(Refused):
    """Somebody vouches for a text that they do not read."""


class OwnTranslation(Refused):
    """Whoever wrote the words does not vouch for them."""


class AlreadyAttested(Refused):
    """One reader attests a version once."""


class OtherTexts(Refused):
    """What was on the reader's screen is not what stands there now."""


class NoteMissing(Refused):
    """Without an original to hold it against, the reader says what the text says."""


@transaction.atomic
def translate_statement(
    statement: Statement, *, language: str, copy: bool, by: User, at: datetime
) -> Statement:
    """
    Begin the same message in another language, with its own sign-off.

    Made from the original, whichever of its languages it was asked of; `copy`: it begins with
    the original's words, whose authors are authors here too.

    :raises SameLanguage: if the message exists in that language
    :raises NotFromHere: if the original has no version yet
    """
    incident, found = locked(statement)
    master = Statement.objects.get(pk=found.master_id) if found.master_id else found
    newest = master.versions.order_by("-number").first()
    if newest is None:
        raise NotFromHere(_("Save the original as a version first: that is what is translated."))
    family = [master, *master.translations.exclude(status=Statement.Status.WITHDRAWN)]
    same = next((one for one in family if one.language == language), None)
    if same is not None:
        raise SameLanguage(
            _("This message is there in this language: statement %(number)s.")
            % {"number": same.number}
        )
    made = draft_statement(
        incident,
        title=master.title,
        kind=master.kind,
        audience=master.audience,
        language=language,
        channels=master.channels,
        text=newest.text if copy else "",
        taken_from=newest if copy else None,
        by=by,
        at=at,
    )
    made.master = master
    made.save(update_fields=["master"])
    record(
        incident,
        events.TRANSLATION_BEGUN,
        by=by,
        at=at,
        original=master.title,
        original_number=master.number,
        original_version=newest.number,
        language=language.upper(),
        **about(made),
    )
    return made


@transaction.atomic
def attest_translation(
    statement: Statement,
    *,
    version: int,
    fingerprint: str,
    original: int | None,
    note: str = "",
    by: User,
    at: datetime,
) -> Attestation:
    """
    Say, as a named reader: I have read this version and the original, and it says the same.

    `version`, `fingerprint` and `original` (the original's version, if there is one) are what was
    on the reader's screen.

    :raises OtherTexts: if one of the two has changed since
    :raises NotAReader, OwnTranslation, AlreadyAttested, NoteMissing: see each
    """
    incident, found = locked(statement)
    newest = found.versions.order_by("-number").first()
    if newest is None or (newest.number, newest.fingerprint) != (version, fingerprint):
        raise OtherTexts(_("The text has changed. Nothing was attested. Read it again."))
    against = _original(found, original)
    _check_reader(found, newest, against, by)
    if against is None and not note.strip():
        raise NoteMissing(_("There is no original beside it: say what the text says."))
    made = Attestation.objects.create(
        version=newest,
        fingerprint=newest.fingerprint,
        master_version=against,
        reader=by,
        note=note.strip(),
        attested_at=at,
    )
    living = living_round(found.pk)
    record(
        incident,
        events.ATTESTED if against else events.ATTESTED_ALONE,
        by=by,
        at=at,
        text=made.note,
        fingerprint=newest.fingerprint,
        language=newest.language,
        original=against.number if against else None,
        original_fingerprint=against.fingerprint if against else None,
        round=living.pk if living else None,
        **facts(newest),
    )
    return made


@transaction.atomic
def ask_for_reader(
    statement: Statement, *, version: int, reader: User, by: User, at: datetime
) -> Statement:
    """
    Ask somebody of the room to read a text for a signer who does not read its language.

    :raises NotAReader: if they do not read it, or may not enter the room
    :raises OwnTranslation: if they wrote part of it
    :raises AlreadyAsked: while an earlier ask stands
    """
    incident, found = locked(statement)
    newest = found.versions.order_by("-number").first()
    if newest is None or newest.number != version:
        raise OtherTexts(_("The text has changed. Nobody was asked. Read it again."))
    if not people_of(incident, at=at).filter(pk=reader.pk).exists():
        raise NotAReader(_("Only somebody of this room can be asked to read it."))
    _check_reader(found, newest, _newest_original(found), reader)
    languages.check_not_asked(found, newest, reader, at=at)
    record(incident, events.READER_ASKED, by=by, at=at, person=reader, **facts(newest))
    return found


def _original(statement: Statement, seen: int | None) -> Version | None:
    if statement.master_id is None:
        return None
    newest = _newest_original(statement)
    if newest is None or newest.number != seen:
        raise OtherTexts(_("The original has changed. Nothing was attested. Read both again."))
    return newest


def _newest_original(statement: Statement) -> Version | None:
    found = Version.objects.filter(statement=statement.master_id)
    newest: Version | None = found.order_by("-number").first()
    return newest


def _check_reader(
    statement: Statement, version: Version, against: Version | None, reader: User
) -> None:
    codes = {version.language, *([statement.master.language] if statement.master else [])}
    if not all(reader.reads_language(code) for code in codes):
        raise NotAReader(
            _("The profile of %(name)s does not say that they read %(languages)s.")
            % {
                "name": reader.name,
                "languages": ", ".join(languages.name_of(code) for code in sorted(codes)),
            }
        )
    if version.authors.filter(user=reader).exists():
        raise OwnTranslation(
            _("%(name)s wrote part of this text. Somebody else reads it.") % {"name": reader.name}
        )
    if version.attestations.filter(reader=reader, master_version=against).exists():
        raise AlreadyAttested(
            _("%(name)s has attested this version already.") % {"name": reader.name}
        )
