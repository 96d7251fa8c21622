"""The seats that remain at a branch that closed: who holds them, and what they become."""

from typing import Annotated

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.pages.desk.again import shown_again
from services.intake.pages.desk.fields import NOT_OFFERED, Fields
from services.intake.pages.desk.on_desk import desk_page, now_of, router, who_of
from services.intake.pages.paths import address, go
from services.intake.pages.step import LOOK
from services.intake.store.accounts import MOST_SEATS
from services.intake.store.colleagues import seats_left_at
from services.intake.store.transfers import see_closing
from services.intake.use_cases.accounts.move_seats import MoveSeats, SeatsBecome, move_seats
from shared.language import errors
from shared.language.roles import Role
from shared.plumbing.doors import Now, Session, allow, refuses
from shared.plumbing.identity import Principal
from shared.policy.adopted import pack_of
from shared.ui import Form, language_of
from shared.ui.language import mark
from shared.ui.signed_in import name_of_branch
from shared.ui.words import ROLES

pages = router()

READERS = (Role.ASSOCIATION_ADMINISTRATOR, Role.AUDITOR)
BECOME = {
    SeatsBecome.MOVED: mark("The same seat where the files are; he signs in again"),
    SeatsBecome.ENDED: mark("The seat ends"),
}


async def _page(request: Request, session: AsyncSession, form: Form, status: int) -> HTMLResponse:
    who, language = who_of(request), language_of(request)
    closing = await see_closing(session, str(request.path_params["closing_id"]), scope=who.scope)
    pack = pack_of(who.association_id)
    left = await seats_left_at(
        session, association_id=who.association_id, branch=closing.branch, now=now_of(request), limit=MOST_SEATS
    )
    return await desk_page(
        request,
        session,
        who,
        "seats_left.html",
        status=status,
        form=form,
        branch=name_of_branch(pack, closing.branch, language=language),
        to_branch=name_of_branch(pack, closing.to_branch, language=language),
        seats=[(seat.id, staff.name, LOOK.say(request, ROLES[seat.role])) for seat, staff in left],
        become=[(code.value, LOOK.say(request, words)) for code, words in BECOME.items()],
        action=address(request, f"/desk/branches/{closing.id}"),
        moves=who.role is Role.ASSOCIATION_ADMINISTRATOR,
    )


@pages.get(
    "/desk/branches/{closing_id}",
    response_class=HTMLResponse,
    summary="The page of the seats that remain at a closed branch",
)
@refuses(errors.ClosingNotFound)
async def show_seats_left(
    closing_id: str,  # noqa: ARG001 - stands in the address
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(*READERS)],  # noqa: ARG001 - the door
) -> Response:
    return await _page(request, session, Form(), 200)


@pages.post(
    "/desk/branches/{closing_id}",
    response_class=HTMLResponse,
    summary="Move seats of a closed branch from its page, or end them",
)
@shown_again(_page, beside="seat_ids")
@refuses(errors.ClosingNotFound, errors.SeatNotFound, errors.NotForYourself)
async def post_seats_left_page(
    closing_id: str,
    request: Request,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(Role.ASSOCIATION_ADMINISTRATOR)],
) -> Response:
    fields = Fields(request, await request.body())
    seats, become = fields.chosen("seat_ids"), fields.choice("become", list(BECOME))
    if not seats:
        fields.needed("seat_ids")
    elif len(seats) > MOST_SEATS:
        fields.say("seat_ids", NOT_OFFERED)
    fields.check()
    command = MoveSeats(closing_id=closing_id, seat_ids=tuple(seats), become=SeatsBecome(become), by=who)
    await move_seats(command, session=session, now=now)
    return go(address(request, f"/desk/branches/{closing_id}"))
