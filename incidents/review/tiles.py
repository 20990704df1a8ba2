"""The key figures of a report and what must be known to read them, in the active language."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crisisdesk.kit import times
from incidents.review.queries.rows import Figures, PromiseCount, Report
from incidents.review.wording import say_delay


@dataclass(frozen=True)
class Tile:
    """One key figure; `met` is None where no target was set, or where nobody can say."""

    key: str
    label: str
    value: str
    note: str = ""
    met: bool | None = None


def tiles(report: Report) -> list[Tile]:
    """Return the key figures, the same for page, PDF and JSON."""
    figures = report.figures
    if report.about.is_imported:
        return [_from_signal(figures), _adequate(figures)]
    return [
        _opened(figures),
        _response(report),
        _from_signal(figures),
        _promises(figures.promises),
        _signoff(figures, is_restored=report.about.is_restored),
    ]


def remarks(report: Report) -> list[str]:
    """Return what must be known to read the figures rightly, as sentences."""
    figures = report.figures
    found = [
        _(
            "Entry %(number)s, a statement of %(who)s on %(when)s, is known only to the day: "
            "its hour is unknown, so it is not counted before a statement whose minute is known."
        )
        % {"number": row.number, "who": row.who, "when": row.when}
        for row in figures.hour_unknown
    ]
    found += [
        _("Sources disagree on the time of entry %(number)s: %(times)s. The figures allow for all.")
        % {"number": row.number, "times": " · ".join(row.times)}
        for row in figures.disputed
    ]
    shown = (figures.to_open, figures.to_first_from_signal, figures.to_adequate)
    if any(delay and delay.approximate for delay in shown):
        found.append(_("“About” marks a figure of which one end is an approximate time."))
    return found


def left_out(report: Report) -> list[str]:
    """Say what this report does not hold."""
    found = []
    if report.is_public:
        found.append(
            _(
                "Public version. Left out: people's names, internal and unpublished texts, "
                "sign-offs, reasons and decisions, key moments, lessons, actions and the internal "
                "chronology."
            )
        )
    elif not report.about.is_imported:
        found.append(
            _("How the public saw our part is left out: it is a perception, never an admission.")
        )
    if report.about.is_restored:
        found.append(
            _(
                "This record was restored from another installation. Its statements and their "
                "sign-offs are in the restored record, not in this report."
            )
        )
    if report.privileged_left_out:
        found.append(
            ngettext(
                "%(n)s privileged entry is left out.",
                "%(n)s privileged entries are left out.",
                report.privileged_left_out,
            )
            % {"n": report.privileged_left_out}
        )
    elif report.with_privileged:
        found.append(_("Privileged entries are included. Do not pass this report on."))
    return found


def _opened(figures: Figures) -> Tile:
    if figures.to_open is None:
        return Tile("to_open", _("Time to open"), _("not known"), _("No first sign on record"))
    return Tile(
        "to_open",
        _("Time to open"),
        say_delay(figures.to_open),
        _("From the first sign, %(when)s") % {"when": figures.first_signal},
    )


def _response(report: Report) -> Tile:
    first = report.figures.to_first
    target = times.duration(first.target) if first.target else ""
    label = _("First response")
    if first.delay is None:
        note = _("Target %(target)s") % {"target": target} if target else ""
        return Tile("to_first", label, _("none signed"), note)
    if first.within is None:
        return Tile("to_first", label, say_delay(first.delay), _("From the opening"))
    note = _("Met, target %(target)s") if first.within else _("Missed, target %(target)s")
    return Tile("to_first", label, say_delay(first.delay), note % {"target": target}, first.within)


def _from_signal(figures: Figures) -> Tile:
    label = _("First response, from the first signal")
    if figures.to_first_from_signal is None:
        return Tile("to_first_from_signal", label, _("not known"))
    return Tile(
        "to_first_from_signal",
        label,
        say_delay(figures.to_first_from_signal),
        _("Signal %(signal)s, response %(response)s")
        % {"signal": figures.first_signal, "response": figures.first_response},
    )


def _adequate(figures: Figures) -> Tile:
    label = _("First adequate response")
    if figures.to_adequate is None:
        return Tile("to_adequate", label, _("not judged"))
    return Tile(
        "to_adequate", label, say_delay(figures.to_adequate), _("As people judged it afterwards")
    )


def _promises(count: PromiseCount) -> Tile:
    label = _("Promises kept")
    if not count.owed:
        return Tile("promises", label, _("none due"))
    value = _("%(kept)s of %(owed)s") % {"kept": count.kept, "owed": count.owed}
    parts = []
    if count.late:
        lateness = ", ".join(times.duration(x) for x in count.lateness)
        parts.append(_("%(n)s late: %(lateness)s") % {"n": count.late, "lateness": lateness})
    if count.missed:
        parts.append(_("%(n)s missed") % {"n": count.missed})
    if count.overdue:
        parts.append(_("%(n)s overdue") % {"n": count.overdue})
    note = " · ".join(parts) or _("All in time")
    return Tile("promises", label, value, note, met=not parts)


def _signoff(figures: Figures, *, is_restored: bool) -> Tile:
    label = _("Sign-off, median wait")
    if figures.signoff_median is None:
        value = _("not known") if is_restored else _("none signed")
        return Tile("signoff_median", label, value)
    return Tile(
        "signoff_median",
        label,
        times.duration(figures.signoff_median),
        _("From the opening of a stage to the decision"),
    )
