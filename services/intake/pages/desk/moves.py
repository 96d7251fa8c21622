"""Whose cases are: what waits for this branch or was asked by it, each with its answer."""

from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.transfers import TAKERS, Transfer
from services.intake.pages.desk.again import shown_again
from services.intake.pages.desk.fields import TEXT, Fields
from services.intake.pages.desk.on_desk import desk_page, router, who_of
from services.intake.pages.desk.words import TRANSFERS
from services.intake.pages.paths import address, go
from services.intake.pages.step import LOOK
from services.intake.seats import FRONT
from services.intake.store import transfers as store
from services.intake.store.accounts import find_staff
from services.intake.use_cases.transfer_case import AnswerTransfer, accept_transfer, refuse_transfer, revoke_transfer
from shared.language import errors
from shared.plumbing.doors import Now, Session, allow, refuses
from shared.plumbing.identity import Principal
from shared.policy.adopted import packs
from shared.ui import Form, language_of
from shared.ui.language import mark
from shared.ui.signed_in import name_of_branch

pages = router()

A_PAGE = 50
ACCEPT, REFUSE, REVOKE = "accept", "refuse", "revoke"
ANSWERS = {ACCEPT: mark("We take it over"), REFUSE: mark("We do not take it over"), REVOKE: mark("We take it back")}
ACTS = {ACCEPT: accept_transfer, REFUSE: refuse_transfer, REVOKE: revoke_transfer}
After = Annotated[str, Query(max_length=50)]
SIDES: tuple[tuple[store.Side, str], ...] = (("to", mark("Asked of us")), ("from", mark("Asked by us")))


@pages.get(
    "/desk/transfers", response_class=HTMLResponse, summary="The page of what waits for this branch to take over"
)
async def show_transfers(
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(*FRONT)],
    side: Annotated[str, Query(max_length=10)] = "",
    after: After = "",
) -> Response:
    at: store.Side = "from" if side == "from" else "to"
    found = await store.list_transfers(session, scope=who.scope, side=at, after=after, limit=A_PAGE)
    rows = [await _row(one, request=request, session=session, who=who) for one in found]
    return await desk_page(
        request,
        session,
        who,
        "transfers.html",
        rows=rows,
        at=at,
        chips=[(code, LOOK.say(request, words), f"?side={code}") for code, words in SIDES],
        more=f"?side={at}&after={found[-1].id}" if len(found) == A_PAGE else None,
    )


async def _row(one: Transfer, *, request: Request, session: AsyncSession, who: Principal) -> dict[str, Any]:
    """As both branches see it: of the case itself, its number alone."""
    pack, language = packs().get(who.association_id), language_of(request)
    keeper = await find_staff(session, one.to_person) if one.to_person else None
    return {
        "id": one.id,
        "case_id": one.case_id if who.scope.branch_id in {None, one.from_branch} else None,
        "reference": one.reference,
        "from": name_of_branch(pack, one.from_branch, language=language),
        "to": name_of_branch(pack, one.to_branch, language=language),
        "person": (keeper.name if keeper else one.to_person) if one.to_person else "",
        "reason": one.reason,
        "asked_at": one.asked_at,
        "status": TRANSFERS[one.status],
        "answer": one.answer,
        "answered_at": one.answered_at,
    }


async def _page(request: Request, session: AsyncSession, form: Form, status: int) -> HTMLResponse:
    who = who_of(request)
    found = await store.see_transfer(session, str(request.path_params["transfer_id"]), scope=who.scope)
    return await desk_page(
        request,
        session,
        who,
        "transfer.html",
        status=status,
        form=form,
        one=await _row(found, request=request, session=session, who=who),
        answers=[(code, LOOK.say(request, ANSWERS[code])) for code in _open_to(found, who)],
        action=address(request, f"/desk/transfers/{found.id}"),
    )


def _open_to(one: Transfer, who: Principal) -> list[str]:
    """What he may answer; whether he may, the domain says again when he does."""
    if one.answered_at is not None:
        return []
    takes = who.role in TAKERS or (one.within_a_branch and who.person_id == one.to_person)
    own = who.scope.branch_id in {None, one.to_branch} and takes
    asked = who.scope.branch_id in {None, one.from_branch}
    return [*((ACCEPT, REFUSE) if own else ()), *((REVOKE,) if asked else ())]


@pages.get(
    "/desk/transfers/{transfer_id}",
    response_class=HTMLResponse,
    summary="The page to answer an asking, or take it back",
)
@refuses(errors.TransferNotFound)
async def show_transfer_page(
    transfer_id: str,  # noqa: ARG001 - stands in the address
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(*FRONT)],  # noqa: ARG001 - the door
) -> Response:
    return await _page(request, session, Form(), 200)


@pages.post(
    "/desk/transfers/{transfer_id}",
    response_class=HTMLResponse,
    summary="Accept, refuse or take back an asking from its page",
)
@shown_again(_page, beside="answer")
@refuses(
    errors.TransferNotFound,
    errors.TransferAnswered,
    errors.NotYoursToTake,
    errors.BranchUnknown,
    errors.BranchIsClosed,
    errors.NoSeatThere,
    errors.AlreadyThere,
    errors.StepOutOfOrder,
)
async def post_transfer_page(
    transfer_id: str, request: Request, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> Response:
    fields = Fields(request, await request.body())
    answer, reason = fields.choice("answer", list(ANSWERS)), fields.text("reason", longest=TEXT)
    fields.check()
    command = AnswerTransfer(transfer_id=transfer_id, reason=reason, by=who)
    await ACTS[answer](command, session=session, now=now)
    return go(address(request, f"/desk/transfers/{transfer_id}"))
