"""A branch closes: which have closed and how far each is; an administrator closes one, and all its cases move."""

from typing import Annotated

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.pages.desk.acts.keeping import MANAGERS
from services.intake.pages.desk.again import shown_again
from services.intake.pages.desk.fields import TEXT, Fields
from services.intake.pages.desk.on_desk import desk_page, now_of, router, who_of
from services.intake.pages.desk.seats_left import READERS as SEES_SEATS
from services.intake.pages.paths import address, go
from services.intake.store.colleagues import count_seats_left
from services.intake.store.transfers import closings
from services.intake.use_cases.close_branch import CloseBranch, close_branch
from shared.language import errors
from shared.language.roles import Role
from shared.plumbing.doors import Now, Session, allow, refuses
from shared.plumbing.identity import Principal
from shared.policy.adopted import pack_of
from shared.ui import Form, language_of
from shared.ui.language import mark
from shared.ui.signed_in import name_of_branch

pages = router()

READERS = (*MANAGERS, Role.ASSOCIATION_ADMINISTRATOR, Role.AUDITOR)
YES = "yes"
NOT_SURE = mark("Tick that you know what it does.")


async def _page(request: Request, session: AsyncSession, form: Form, status: int) -> HTMLResponse:
    who, language = who_of(request), language_of(request)
    pack, found = pack_of(who.association_id), await closings(session, scope=who.scope)
    closed = {one.branch for one in found}

    def named(branch: str) -> str:
        return name_of_branch(pack, branch, language=language)

    left = [one.id for one in pack.branches if one.id not in closed]
    seats = await count_seats_left(session, association_id=who.association_id, now=now_of(request))
    return await desk_page(
        request,
        session,
        who,
        "closings.html",
        status=status,
        form=form,
        rows=[(named(one.branch), named(one.to_branch), one, seats.get(one.branch, 0)) for one in found],
        who_sits=who.role in SEES_SEATS,
        branches=[(one, named(one)) for one in left if one != pack.head_office.id],
        places=[(one, named(one)) for one in left],
        closes=who.role is Role.ASSOCIATION_ADMINISTRATOR,
    )


@pages.get("/desk/branches", response_class=HTMLResponse, summary="The page of the branches that close or have closed")
async def show_closings(
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(*READERS)],  # noqa: ARG001 - the door
) -> Response:
    return await _page(request, session, Form(), 200)


@pages.post(
    "/desk/branches", response_class=HTMLResponse, summary="Close a branch from its page: all its cases move in one act"
)
@shown_again(_page, beside="branch_id")
@refuses(errors.BranchUnknown, errors.BranchIsClosed, errors.HeadOfficeStays, errors.AlreadyThere)
async def post_closing_page(
    request: Request,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(Role.ASSOCIATION_ADMINISTRATOR)],
) -> Response:
    fields = Fields(request, await request.body())
    branch, to_branch = fields.text("branch_id"), fields.text("to_branch")
    reason = fields.text("reason", longest=TEXT)
    if YES not in fields.chosen("sure"):
        fields.say("sure", NOT_SURE)
    fields.check()
    command = CloseBranch(branch=branch, to_branch=to_branch, reason=reason, by=who)
    closing = await close_branch(command, session=session, now=now)
    # Its files move by themselves; who sits there is moved by somebody who knows them.
    return go(address(request, f"/desk/branches/{closing.id}"))
