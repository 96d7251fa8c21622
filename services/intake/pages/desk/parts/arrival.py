"""How the request came: what was written down of its channel, and how long he waited and was given."""

from collections.abc import Mapping
from typing import Any

from services.intake.pages.desk.arrived import rows_of
from services.intake.pages.desk.arriving import AT_THE_DESK
from services.intake.pages.desk.on_desk import OnDesk
from services.intake.pages.desk.words import CHANNELS
from services.intake.seats import FRONT, WHO_STUDIES
from services.intake.store.contacts import find_arrival, find_letter
from services.intake.use_cases.add_document import PAPERS_ARE_TAKEN_IN
from shared.language.errors import PersonErased


async def arrival(desk: OnDesk) -> Mapping[str, Any] | None:
    """Shown to those who take requests in, study or audit them; nothing where nothing was, nor may be, written."""
    if desk.who.role not in WHO_STUDIES:
        return None
    came = await find_arrival(desk.session, desk.case.id)
    if came is None:
        may = desk.who.role in FRONT and desk.case.status in PAPERS_ARE_TAKEN_IN and desk.case.channel in AT_THE_DESK
        return {"came": None, "at": desk.at("/arrival")} if may else None
    try:
        said = came.said
    except PersonErased:
        return None
    letter = await find_letter(desk.session, came.letter_id) if came.letter_id else None
    return {
        "came": came,
        "channel": CHANNELS[came.channel],
        "need": said.need,
        "rows": rows_of(desk.request, said.arrival),
        "waited": None if came.waited_seconds is None else came.waited_seconds // 60,
        "given": None if came.given_seconds is None else came.given_seconds // 60,
        "letter": letter.shown_number if letter else None,
    }
