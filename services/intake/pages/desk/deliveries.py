"""What is to be handed over on a day, by the branch that the case is of."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, Response

from services.intake.pages.desk.on_desk import desk_page, router
from services.intake.seats import FRONT
from services.intake.store.deliveries import plans_on
from services.intake.store.people import people_named_by_case
from shared.language.calendar import riyadh_day
from shared.plumbing.doors import Now, Session, allow
from shared.plumbing.identity import Principal

pages = router()

A_PAGE = 50


@pages.get("/desk/deliveries", response_class=HTMLResponse, summary="The page of what is to be handed over on a day")
async def show_deliveries(
    request: Request,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(*FRONT)],
    day: Annotated[str, Query(max_length=10)] = "",
    after: Annotated[str, Query(max_length=50)] = "",
) -> Response:
    """A day that is none shows today."""
    at = _day(day) or riyadh_day(now)
    found = await plans_on(session, at, scope=who.scope, after=after, limit=A_PAGE)
    people = await people_named_by_case(session, [one.case_id for one in found])
    return await desk_page(
        request,
        session,
        who,
        "deliveries.html",
        at=at,
        before=at - timedelta(days=1),
        following=at + timedelta(days=1),
        rows=[(one, people.get(one.case_id, "")) for one in found],
        more=f"?day={at.isoformat()}&after={found[-1].id}" if len(found) == A_PAGE else None,
    )


def _day(typed: str) -> date | None:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    # The first and the last day that there are have no neighbour.
    return day if date.min < day < date.max else None
