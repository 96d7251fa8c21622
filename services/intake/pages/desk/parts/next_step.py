"""What may be done now, by this seat and in this status."""

from collections.abc import Mapping
from typing import Any

from services.intake.pages.desk.acts import ACTS
from services.intake.pages.desk.on_desk import OnDesk


async def next_step(desk: OnDesk) -> Mapping[str, Any] | None:
    """The acts that are open: the first leads on, those that end a request come last and apart."""
    open_ = [act for act in ACTS if act.is_open(desk) and not act.aside]
    if not open_:
        return None
    rows = [(act.words, desk.at(f"/{act.path}"), act.icon) for act in open_ if not act.ends]
    return {"rows": rows, "ends": [(act.words, desk.at(f"/{act.path}")) for act in open_ if act.ends]}
