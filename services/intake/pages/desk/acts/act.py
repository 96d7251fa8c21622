"""An act on a case: a page with its form, and the form's way into the same use case as the API's."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.pages.desk.again import shown_again
from services.intake.pages.desk.fields import Fields
from services.intake.pages.desk.on_desk import OnDesk, desk_page, lay_out
from services.intake.pages.paths import address, go
from services.intake.seats import FRONT
from shared.language import errors
from shared.language.case_lifecycle import MOVES, CaseStatus
from shared.language.events import CaseEvent
from shared.language.roles import Role
from shared.plumbing.doors import Now, Session, allow, refuses
from shared.plumbing.early import Work, before
from shared.plumbing.identity import Principal
from shared.ui import Form, language_of

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Sent:
    """A form that was sent for a case, on its way into a use case."""

    case_id: str
    fields: Fields
    session: AsyncSession
    now: datetime
    who: Principal
    looked_at: Any = None
    """What the act's own work before the transaction came to."""


async def nothing_more(_: OnDesk) -> Facts:
    return {}


@dataclass(frozen=True, kw_only=True)
class Act:
    """One thing that a seat may do to a case. Whether it may be done, the domain says; here stands what is offered."""

    path: str
    """Of its page, below the case's."""
    words: str
    """On its button, and over its page."""
    done: str
    """Told once it is done."""
    icon: str
    do: Callable[[Sent], Awaitable[str | errors.Refusal]]
    """Does it; the page of the case that leads on, empty for the case's own.

    A refusal that is given back instead of raised is told as any, and what was counted by then stays.
    """
    summary: str
    looks: Work | None = None
    """What is looked at before the transaction, since it takes long."""
    moves: type[CaseEvent] | None = None
    """The event that it tells: it is offered where the lifecycle's table has a move for it."""
    stands_in: frozenset[CaseStatus] = frozenset()
    """Where it moves nothing: the statuses in which it is offered."""
    offered: Callable[[OnDesk], bool] = lambda _: True
    """What besides the status has to be so, for it to make sense."""
    facts: Callable[[OnDesk], Awaitable[Facts]] = nothing_more
    roles: tuple[Role, ...] = FRONT
    refusals: tuple[type[errors.Refusal], ...] = ()
    beside: str = ""
    ends: bool = False
    """Whether it ends the request: then it stands apart."""
    aside: bool = False
    """Whether a part of the page leads to it, and not the list of what to do next."""

    @property
    def template(self) -> str:
        return f"acts/{self.path}.html"

    def is_open(self, desk: OnDesk) -> bool:
        status = desk.case.status
        there = status in self.stands_in if self.moves is None else (status, self.moves) in MOVES
        return there and desk.who.role in self.roles and self.offered(desk)


async def act_page(
    act: Act, request: Request, session: AsyncSession, *, form: Form | None = None, status: int = 200, told: str = ""
) -> HTMLResponse:
    """The page of an act; where it is not open now, the page says so."""
    desk = await lay_out(request, session, str(request.path_params["case_id"]))
    return await desk_page(
        request,
        session,
        desk.who,
        act.template,
        status=status,
        act=act,
        case=desk.case,
        person=desk.person,
        here=desk.at(),
        action=desk.at(f"/{act.path}"),
        form=form or Form(),
        told=told,
        open=act.is_open(desk),
        **await act.facts(desk),
    )


def add_doors(pages: APIRouter, act: Act, *, told: Callable[[str], str]) -> None:
    """The two doors of an act: its page, and its form. `told` says what another act, just done, had to tell."""
    name = act.path.replace("-", "_")

    async def show_act(
        case_id: str,  # noqa: ARG001 - stands in the address
        request: Request,
        session: Session,
        who: Annotated[Principal, allow(*act.roles)],  # noqa: ARG001 - the door
        done: Annotated[str, Query(max_length=50)] = "",
    ) -> Response:
        return await act_page(act, request, session, told=told(done))

    async def post_act(
        case_id: str, request: Request, session: Session, now: Now, who: Annotated[Principal, allow(*act.roles)]
    ) -> Response:
        fields = Fields(request, await request.body())
        on = await act.do(Sent(case_id, fields, session, now, who, getattr(request.state, "before", None)))
        if isinstance(on, errors.Refusal):
            beside = {str(on.field or act.beside): on.sentence(language_of(request).value)}
            return await act_page(act, request, session, form=Form(fields.values, beside), status=on.status)
        return go(address(request, f"/desk/cases/{case_id}{on}?done={act.path}"))

    async def again(request: Request, session: AsyncSession, form: Form, status: int) -> HTMLResponse:
        return await act_page(act, request, session, form=form, status=status)

    if act.looks is not None:
        before(act.looks)(post_act)
    path = f"/desk/cases/{{case_id}}/{act.path}"
    usual: tuple[type[errors.Refusal], ...] = (errors.CaseNotFound, errors.NotHandedIn, errors.StepOutOfOrder)
    pages.add_api_route(
        path,
        refuses(errors.CaseNotFound)(show_act),
        methods=["GET"],
        name=f"show_{name}_page",
        response_class=HTMLResponse,
        summary=f"The page to: {act.summary[0].lower()}{act.summary[1:]}",
    )
    pages.add_api_route(
        path,
        refuses(*usual, *act.refusals)(shown_again(again, beside=act.beside)(post_act)),
        methods=["POST"],
        name=f"post_{name}_page",
        response_class=HTMLResponse,
        summary=act.summary,
    )
