"""Compiles the catalogues with Babel, because gettext's tools are missing on many machines.

Run as a program it compiles what is stale: `python -m crisisdesk.launch.catalogues`.
"""

from __future__ import annotations

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parents[2] / "locale"


def compile_stale(folder: Path = LOCALE) -> list[Path]:
    """Compile each catalogue that is newer than its compiled form; return what was compiled."""
    done = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as text:
            catalogue = read_po(text, locale=source.parts[-3])
        # Written aside and moved, so that a reader never meets half a file.
        aside = compiled.with_suffix(f".mo.{os.getpid()}")
        with aside.open("wb") as target:
            write_mo(target, catalogue)
        aside.replace(compiled)
        done.append(compiled)
    return done


if __name__ == "__main__":
    compile_stale()
