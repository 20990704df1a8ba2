"""Every bench by its name, in the order in which all of them run."""

from __future__ import annotations

from typing import Final

from incidents.management.bench import signoff
from incidents.management.bench.shape import Bench

BENCHES: Final[dict[str, Bench]] = {bench.name: bench for bench in (signoff.BENCH,)}
