"""What a page would send: its forms as a browser without script fills them in."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from incidents.management.bench.shape import CannotMeasure

PLAIN: Final = "application/x-www-form-urlencoded"
TICKED: Final = frozenset({"checkbox", "radio"})
NEVER_SENT: Final = frozenset({"button", "submit", "reset", "image", "file"})


@dataclass
class Form:
    """The fields that a form sends; `encoding` as it says, else that of forms without files."""

    fields: dict[str, str] = field(default_factory=dict)
    encoding: str = PLAIN


def form_of(page: str, action: str) -> Form:
    """
    Return the form that posts to an address, with what stands in it.

    :raises CannotMeasure: where the page has no such form
    """
    reader = _FormReader(action)
    reader.feed(page)
    if not reader.found:
        raise CannotMeasure(f"The page offers no form that posts to {action}.")
    return reader.form


class _FormReader(HTMLParser):
    def __init__(self, action: str) -> None:
        super().__init__()
        self.action = action
        self.form = Form()
        self.found = self.inside = False
        self.choosing = self.writing = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = given.get("action") == self.action and not self.found
            self.found = self.found or self.inside
            if self.inside:
                self.form.encoding = given.get("enctype") or PLAIN
        elif self.inside:
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "input" and name and given.get("type", "text") not in NEVER_SENT:
            if given.get("type") not in TICKED:
                self.form.fields[name] = given.get("value", "")
            elif "checked" in given:
                self.form.fields[name] = given.get("value", "on")
        elif tag == "textarea":
            self.writing = name
            self.form.fields[name] = ""
        elif tag == "select":
            self.choosing = name
        elif tag == "option" and ("selected" in given or self.choosing not in self.form.fields):
            self.form.fields[self.choosing] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag in {"textarea", "select"}:
            self.writing = self.choosing = ""

    def handle_data(self, data: str) -> None:
        if self.inside and self.writing:
            self.form.fields[self.writing] += data
