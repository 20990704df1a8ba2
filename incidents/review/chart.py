"""The severity over time as a small drawing for paper; the table beside it says the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from xml.sax.saxutils import escape

from crisisdesk.kit import times
from incidents.models import Severity
from incidents.review.queries.rows import SeverityRow

WIDTH: Final = 640
HEIGHT: Final = 150
LEFT: Final = 84
TOP: Final = 12
BOTTOM: Final = 122
FONT: Final = 'font-family="Inter" font-size="10"'


def severity_svg(rows: Sequence[SeverityRow], *, until: datetime) -> str:
    """Return the drawing: one step per assessment, the worst level on top."""
    start = rows[0].at
    end = max(until, rows[-1].at, start + timedelta(hours=1))
    length = (end - start).total_seconds()

    def x(at: datetime) -> float:
        return round(LEFT + (WIDTH - LEFT - 8) * (at - start).total_seconds() / length, 1)

    points = [(x(row.at), _y(row.level)) for row in rows]
    path = f"M{points[0][0]} {points[0][1]}"
    for place, level in points[1:]:
        path += f"H{place}V{level}"
    path += f"H{x(end)}"
    dots = "".join(f'<circle cx="{a}" cy="{b}" r="3"/>' for a, b in points)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}">{_levels()}'
        f'<path d="{path}" fill="none" stroke="#15202b" stroke-width="2"/>{dots}'
        f"{_label(LEFT, times.day_time(start), 'start')}"
        f"{_label(WIDTH - 8, times.day_time(end), 'end')}</svg>"
    )


def _y(level: Severity) -> int:
    return TOP + (BOTTOM - TOP) * (level - 1) // 3


def _levels() -> str:
    lines = []
    for level in Severity:
        y = _y(level)
        lines.append(
            f'<line x1="{LEFT}" y1="{y}" x2="{WIDTH - 8}" y2="{y}" stroke="#dae0e7"/>'
            f'<text x="{LEFT - 8}" y="{y + 3}" text-anchor="end" {FONT}>'
            f"{level.value} {escape(str(level.label))}</text>"
        )
    return "".join(lines)


def _label(x: int, text: str, anchor: str) -> str:
    return f'<text x="{x}" y="{HEIGHT - 6}" text-anchor="{anchor}" {FONT}>{escape(text)}</text>'
