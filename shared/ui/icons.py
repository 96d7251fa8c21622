"""Icons by Lucide (ISC), drawn into the page: decoration beside a word, never in its place."""

from functools import cache

import lucide
from lucide.jinja import lucide as drawn
from markupsafe import Markup

DIRECTED = frozenset({"arrow-left", "arrow-right", "chevron-left", "chevron-right", "log-out", "send", "footprints"})
"""Icons that point somewhere: right to left they are mirrored."""


@cache
def icon(name: str, size: int = 20) -> Markup:
    """Raises `lucide.IconDoesNotExist`."""
    kind = "icon flip" if name in DIRECTED else "icon"
    # Lucide's own text: no person's word is in it.
    return Markup(drawn(name, size=size, aria_hidden="true", focusable="false", **{"class": kind}))  # noqa: S704


__all__ = ["icon", "lucide"]
