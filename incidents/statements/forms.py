"""The shape of what people type about statements."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from crisisdesk.kit import ahead
from crisisdesk.kit.forms import FilesField, capital_letter, capitals, choice
from incidents.models import Channel, Statement, Version
from incidents.statements import rules
from incidents.statements.capture_form import CaptureForm
from incidents.statements.discussion_rows import DiscussionRow
from incidents.statements.pointing import Pointed
from incidents.timeline import spoken
from incidents.timeline.calendar import NotATime
from incidents.timeline.rules import LONGEST_TEXT
from teams.models import Audience, User

SECURE: Final = "https"
# A validator, not the field's `max_length`: a browser would cut a paste without a word.
NOT_TOO_LONG: Final = MaxLengthValidator(LONGEST_TEXT)


class BriefForm(forms.Form):
    """What a statement is: the fewest fields that sign-off depends on."""

    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        help_text=_("For the room only; it is never published."),
        error_messages={"required": _("Give it a name, so that the room can speak of it.")},
    )
    kind = forms.ChoiceField(label=_("Kind"), initial=Statement.Kind.HOLDING)
    audience = forms.ModelChoiceField(
        label=_("Audience"), queryset=Audience.objects.all(), to_field_name="slug"
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=User.Language, widget=forms.RadioSelect
    )
    channels = forms.MultipleChoiceField(
        label=_("Channels"),
        choices=capitals(Channel),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Sign-off covers these channels and no others."),
        error_messages={"required": _("Choose at least one channel.")},
    )
    corrects = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    supersedes = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, kinds: Iterable[str] = rules.KINDS_TO_BEGIN, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choice(self, "kind").choices = [
            (kind, capital_letter(Statement.Kind(kind).label)) for kind in kinds
        ]

    @property
    def facts(self) -> dict[str, Any]:
        links = ("corrects", "supersedes")
        return {k: v for k, v in self.cleaned_data.items() if k not in links}


class WordsForm(forms.Form):
    """The draft: its text, the own texts of channels, and the revision it began with."""

    text = forms.CharField(
        label=_("Text"),
        required=False,
        strip=False,
        validators=[NOT_TOO_LONG],
        widget=forms.Textarea(attrs={"rows": 18}),
    )
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, channels: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channels = rules.in_order(channels)
        for channel in self.channels:
            self.fields[f"own_{channel}"] = forms.CharField(
                label=capital_letter(Channel(channel).label),
                required=False,
                strip=False,
                validators=[NOT_TOO_LONG],
                widget=forms.Textarea(attrs={"rows": 4}),
            )

    def goes_on_from(self, revision: int) -> None:
        """Let the same words be sent again, now after this revision."""
        self.data = {**dict(self.data.items()), "revision": str(revision)}

    @property
    def own(self) -> list[Any]:
        """The fields of the channels, for the template."""
        return [self[f"own_{channel}"] for channel in self.channels]

    @property
    def channel_texts(self) -> dict[str, str]:
        return {c: self.cleaned_data.get(f"own_{c}", "") for c in self.channels}


class VersionForm(WordsForm):
    reason = forms.CharField(
        label=_("What changed, and why"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The first thing that signers read."),
        error_messages={"required": _("Say what changed and why: signers read it first.")},
    )
    change = forms.ChoiceField(
        label=_("Change"),
        choices=capitals(Version.Change),
        initial=Version.Change.MATERIAL,
        widget=forms.RadioSelect,
        required=False,
    )
    submit = forms.BooleanField(required=False)

    def __init__(self, *args: Any, asked: bool = False, **kwargs: Any) -> None:
        """`asked`: people were asked to sign, and read this reason first."""
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = asked

    def clean_change(self) -> str:
        return self.cleaned_data["change"] or Version.Change.MATERIAL


class DecisionForm(forms.Form):
    """A decision and what was on the screen when it was made."""

    version = forms.IntegerField(min_value=1)
    fingerprint = forms.RegexField(r"^[0-9a-f]{64}$")
    base_version = forms.IntegerField(min_value=1, required=False)
    role = forms.SlugField(required=False)
    cited = forms.CharField(required=False, empty_value=None)
    comment = forms.CharField(required=False, max_length=4000)

    def clean_cited(self) -> str | None:
        """Tell a page that showed no fact from one that shows none to this reader."""
        return (self.cleaned_data["cited"] or "") if "cited" in self.data else None


class WhenForm(CaptureForm):
    """A time that has been, to the minute, in the reader's zone."""

    published_at = forms.CharField(
        label=_("Published at"),
        max_length=80,
        help_text=_("14:05, or yesterday 14:05. To the minute."),
        error_messages={"required": _("Say when it was published, to the minute.")},
    )
    link = forms.URLField(label=_("Link"), max_length=2000, required=False, assume_scheme=SECURE)

    def __init__(self, *args: Any, zone: ZoneInfo, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone, self.at = zone, at

    def clean_published_at(self) -> datetime:
        said = self.cleaned_data["published_at"]
        try:
            occurred = spoken.parse(said, zone=self.zone, at=self.at)
        except NotATime as error:
            raise ValidationError(str(error)) from error
        if not occurred.is_exact:
            raise ValidationError(_("Give the time to the minute: 14:05, or yesterday 14:05."))
        return occurred.earliest


class PublicationForm(WhenForm):
    """Where the text stands; `shown` marks the difference that was on the screen, if any."""

    channel = forms.ChoiceField(label=_("Channel"), choices=())
    posted_text = forms.CharField(
        label=_("The text as it stands there"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Copy it back from the page: a difference to the signed text is recorded."),
    )
    shown = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    next_update_at = forms.CharField(
        label=_("Next update announced for"),
        max_length=40,
        required=False,
        help_text=_("15:00, tomorrow 9:00. It becomes a promise with reminders."),
    )

    original_seen = forms.IntegerField(min_value=1, required=False)

    def __init__(self, *args: Any, channels: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice(self, "channel").choices = [
            (c, capital_letter(Channel(c).label)) for c in rules.in_order(channels)
        ]

    def clean_next_update_at(self) -> datetime | None:
        said = self.cleaned_data["next_update_at"].strip()
        if not said:
            return None
        try:
            time = ahead.read(said, zone=self.zone, at=self.at)
        except ahead.NotAhead as error:
            raise ValidationError(
                _("This time cannot be read. Write 15:00, tomorrow 9:00 or in 45 min.")
            ) from error
        if time <= self.at:
            raise ValidationError(_("This time has passed. Give a time to come."))
        return time


class UnsignedForm(WhenForm):
    channel = forms.ChoiceField(label=_("Channel"), choices=capitals(Channel))
    audience = forms.ModelChoiceField(
        label=_("Audience"), queryset=Audience.objects.all(), to_field_name="slug"
    )
    text = forms.CharField(
        label=_("The text that appeared"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Paste what appeared, or say what it said.")},
    )
    statement = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why in one sentence; it goes into the timeline.")},
    )


_ITSELF: Final = "text"


class PassageForm(forms.Form):
    """
    What somebody points at: words of the version on the screen, and what stands around them.

    A page with script fills it from the selection; without, the words are typed or pasted.
    """

    version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("Which words of the text"),
        required=False,
        strip=False,
        validators=[NOT_TOO_LONG],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Select them in the text above, or copy them here exactly as they stand."),
    )
    channel = forms.ChoiceField(label=_("In which text"), required=False, initial=_ITSELF)
    before = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    after = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, channels: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(_ITSELF, _("The text itself")), *channels]
        choice(self, "channel").choices = choices

    @property
    def at_passage(self) -> Pointed:
        told = self.cleaned_data
        return {
            "version": told["version"] or 0,
            "channel": told["channel"].removeprefix(_ITSELF),
            "words": told["words"],
            "before": told["before"],
            "after": told["after"],
        }


class CommentForm(PassageForm):
    """Words about a text, or an answer to them (`parent`)."""

    parent = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Comment"),
        validators=[NOT_TOO_LONG],
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write what you have to say.")},
    )


class SuggestionForm(PassageForm):
    words = forms.CharField(
        label=_("Which words of the text"),
        strip=False,
        validators=[NOT_TOO_LONG],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Select them in the text above, or copy them here exactly as they stand."),
        error_messages={"required": _("Say which words of the text you mean.")},
    )
    wording = forms.CharField(
        label=_("What should stand there"),
        required=False,
        strip=False,
        validators=[NOT_TOO_LONG],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Empty: to strike the passage."),
    )
    why = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AdoptForm(forms.Form):
    reason = forms.CharField(
        label=_("What changed, and why"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The first thing that signers read. Empty: the words that changed."),
    )


class AttachForm(forms.Form):
    attached = FilesField(label=_("Pictures or video"))


class ReleaseForm(forms.Form):
    """What was on the screen of whoever releases it, and why."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    fingerprint = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why it cannot wait"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why in one sentence; it goes into the timeline.")},
    )


class AgreementForm(ReleaseForm):
    """Who agreed on the telephone, to which seat: `who` is the seat's key, a blank, the uuid."""

    who = forms.ChoiceField(
        label=_("Who agreed"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who agreed.")},
    )
    read_aloud = forms.BooleanField(
        label=_(
            "I read the text and its fingerprint aloud, and heard a yes to exactly these words"
        ),
        error_messages={"required": _("Read them aloud first; without that it is no agreement.")},
    )

    field_order = ("who", "read_aloud", "reason")

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice(self, "who").choices = list(choices)
        self.fields["reason"].label = _("Why they do not sign themselves, and how you spoke")

    @property
    def seat(self) -> str:
        return str(self.cleaned_data["who"].partition(" ")[0])

    @property
    def approver(self) -> str:
        return str(self.cleaned_data["who"].partition(" ")[2])


class AfterwardsForm(forms.Form):
    """What somebody says about a release afterwards; the verb says when words are needed."""

    words = forms.CharField(
        required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


def discussion_forms(row: DiscussionRow | None, *, answering: int | None = None) -> dict[str, Any]:
    """Return the forms that stand beside what is said, for those who may say something."""
    if row is None or not row.may_comment:
        return {}
    thread = next((one for one in row.threads if one.pk == answering), None)
    initial = {"version": row.version, "parent": thread.pk if thread else None}
    return {
        "answering": thread,
        "comment_form": CommentForm(initial=initial, channels=row.channels, auto_id="say_%s"),
        "suggestion_form": SuggestionForm(
            initial=initial, channels=row.channels, auto_id="suggest_%s"
        ),
    }
