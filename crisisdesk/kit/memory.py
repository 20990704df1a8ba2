"""How a process that serves looks after its memory."""

from __future__ import annotations

import gc
from typing import Final

# So many new objects before Python looks for circles among them; a page makes thousands.
LOOK_EVERY: Final = 20_000


def set_aside() -> None:
    """
    Leave out what was loaded for good whenever Python looks for circles of objects.

    Called once, when everything is loaded: it took a tenth of each request's time to walk over
    the same modules and models again. What a request leaves behind is still found.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(LOOK_EVERY, 20, 50)
