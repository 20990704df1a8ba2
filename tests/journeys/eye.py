"""Looks at pages as people see them: axe-core against WCAG 2.2 AA, and what sticks out.

eye = Eye(page)
eye.look(everywhere=True)
eye.verdict()
"""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path
from typing import Any

AXE = Path(__file__).parent.parent / "vendor" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SCROLLS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Colours that are still on their way to another theme are nobody's fault: let them arrive.
SETTLED = """async () => {
  const frame = () => new Promise(done => requestAnimationFrame(done));
  for (let left = 20, going; left > 0 && (left === 20 || going.length); left -= 1) {
    await frame();
    await frame();
    going = document.getAnimations().filter(one => one instanceof CSSTransition);
    going.forEach(one => one.finish());
  }
}"""
# What a colour scheme can change.
COLOURS = ["color-contrast", "link-in-text-block"]


@cache
def axe() -> str:
    return AXE.read_text(encoding="utf-8")


class Eye:
    """Looks at the page as it stands, and remembers what is wrong with it."""

    def __init__(self, page: Any) -> None:
        self.page, self.wrong = page, list[str]()

    def look(self, *, everywhere: bool) -> None:
        """Look at the page on desktop and phone, light and dark if `everywhere`."""
        self.page.evaluate(axe())
        if everywhere:
            self.at(1440, "light", rules=None)
            self.at(1440, "dark", rules=COLOURS)
            self.at(390, "dark", rules=COLOURS)
        self.at(390, "light", rules=None)
        self.dialogs()
        self.sticks_out(360)
        self.sticks_out(1440)

    def at(self, width: int, scheme: str, *, rules: list[str] | None) -> None:
        self.page.set_viewport_size({"width": width, "height": 900 if width > 800 else 844})
        self.page.emulate_media(color_scheme=scheme)
        self.ask_axe(f"{width} px, {scheme}", rules)
        self.sticks_out(width)

    def ask_axe(self, where: str, rules: list[str] | None) -> None:
        only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": WCAG}
        self.page.evaluate(SETTLED)
        found = self.page.evaluate(
            "only => axe.run(document, {runOnly: only, resultTypes: ['violations']})", only
        )
        for breach in found["violations"]:
            nodes = "\n    ".join(node["html"][:160] for node in breach["nodes"])
            self.wrong.append(f"{self.page.url} ({where}): {breach['help']}\n    {nodes}")

    def dialogs(self) -> None:
        openers = self.page.locator("[data-dialog]:visible")
        for number in range(openers.count()):
            openers.nth(number).click()
            self.ask_axe("dialog", None)
            self.page.keyboard.press("Escape")

    def sticks_out(self, width: int) -> None:
        """Demand that nothing does, once charts have been drawn anew."""
        self.page.set_viewport_size({"width": width, "height": 900})
        deadline = time.monotonic() + 2
        while (by := self.page.evaluate(SCROLLS)) > 0 and time.monotonic() < deadline:
            self.page.wait_for_timeout(50)
        if by > 0:
            self.wrong.append(f"{self.page.url}: sticks out by {by} px at {width} px")

    def verdict(self) -> None:
        assert not self.wrong, "\n".join(self.wrong)
