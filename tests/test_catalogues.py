"""The check of the catalogues finds what a reader of French would stumble over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from crisisdesk.launch.catalogues import compile_stale
from tests import catalogues


@pytest.fixture
def wanted() -> Catalog:
    catalogue = Catalog()
    catalogue.add("Approve", locations=[("page.html", 3)])
    catalogue.add("%(who)s signed", locations=[("page.html", 4)])
    catalogue.add(("%(n)s day", "%(n)s days"), locations=[("page.html", 5)])
    return catalogue


@pytest.fixture
def french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Return what is said of a French catalogue written like this."""
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)

    def read(wanted: Catalog, **changes: str) -> list[str]:
        path = tmp_path / "django.po"
        words = {
            "approve": 'msgid "Approve"\nmsgstr "Approuver"\n',
            "signed": 'msgid "%(who)s signed"\nmsgstr "%(who)s a signé"\n',
            "days": 'msgid "%(n)s day"\nmsgid_plural "%(n)s days"\n'
            'msgstr[0] "%(n)s jour"\nmsgstr[1] "%(n)s jours"\n',
        }
        path.write_text("\n".join((words | changes).values()), encoding="utf-8")
        return list(catalogues.complaints(wanted, path, "fr"))

    return read


def test_a_complete_catalogue_passes(wanted: Catalog, french: Callable[..., list[str]]) -> None:
    assert french(wanted) == []


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"approve": ""}, "is not in"),
        ({"approve": 'msgid "Approve"\nmsgstr ""\n'}, "not translated"),
        ({"approve": '#, fuzzy\nmsgid "Approve"\nmsgstr "Prouver"\n'}, "doubtful"),
        ({"signed": 'msgid "%(who)s signed"\nmsgstr "%(qui)s a signé"\n'}, "has not"),
        ({"signed": 'msgid "%(who)s signed"\nmsgstr "Signé"\n'}, "leaves out"),
        ({"approve": 'msgid "Approve"\nmsgstr "Approuver ?"\n'}, "plain space"),
        ({"approve": 'msgid "Approve"\nmsgstr "L\'approuver"\n'}, "straight apostrophe"),
        ({"old": 'msgid "Gone"\nmsgstr "Parti"\n'}, "no longer used"),
        (
            {
                "days": 'msgid "%(n)s day"\nmsgid_plural "%(n)s days"\n'
                'msgstr[0] "%(n)s jour"\nmsgstr[1] ""\n'
            },
            "not translated",
        ),
    ],
)
def test_each_gap_is_named(
    wanted: Catalog, french: Callable[..., list[str]], changes: dict[str, str], word: str
) -> None:
    said = french(wanted, **changes)
    assert any(word in line for line in said), said


def test_templates_are_read_as_they_are_translated(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        """{% load i18n %}{% translate "Approve" %}{% translate "May" context "month" %}
        {{ _("It's due") }}{% blocktranslate count n=days trimmed %}
          {{ n }} day
        {% plural %}
          {{ n }} days
        {% endblocktranslate %}{# Translators: no text #}""",
        encoding="utf-8",
    )
    found = {(context, words) for _, words, _, context in catalogues._from_template(page)}
    assert found == {
        (None, "Approve"),
        ("month", "May"),
        (None, "It's due"),
        (None, ("%(n)s day", "%(n)s days")),
    }


def test_only_a_newer_catalogue_is_compiled_again(tmp_path: Path) -> None:
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text('msgid ""\nmsgstr ""\n\nmsgid "a"\nmsgstr "b"\n')
    assert compile_stale(tmp_path) == [folder / "django.mo"]
    assert compile_stale(tmp_path) == []
