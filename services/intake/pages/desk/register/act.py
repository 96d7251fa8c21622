"""An act on a person's file: a page with its form, and the form's way into the same use case as the API's."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.pages.desk.again import shown_again
from services.intake.pages.desk.fields import Fields
from services.intake.pages.desk.register.on_file import OnFile, file_page, open_file
from services.intake.pages.paths import address, anew, go
from services.intake.seats import FRONT
from shared.language import errors
from shared.language.roles import Role
from shared.plumbing.doors import Now, Session, allow, refuses
from shared.plumbing.identity import Principal
from shared.ui import Form


@dataclass(frozen=True)
class SentForFile:
    """A form that was sent for a person's file."""

    person_id: str
    fields: Fields
    session: AsyncSession
    now: datetime
    who: Principal


async def nothing_more(_: OnFile, __: Form) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, kw_only=True)
class FileAct:
    """One thing that a seat may do to a person's file."""

    path: str
    """Of its page, below the file's."""
    words: str
    """On its button, and over its page."""
    done: str
    """Told once it is done."""
    do: Callable[[SentForFile], Awaitable[None]]
    summary: str
    leads_to: str = ""
    """The page of the file that shows what was done."""
    fill: Callable[[OnFile], Awaitable[Mapping[str, str]]] | None = None
    """What stands in the fields before anything is typed."""
    facts: Callable[[OnFile, Form], Awaitable[Mapping[str, Any]]] = nothing_more
    roles: tuple[Role, ...] = FRONT
    refusals: tuple[type[errors.Refusal], ...] = ()
    beside: str = ""
    more: bool = False
    """Whether the form has a button that asks for more lines and does nothing else."""

    @property
    def template(self) -> str:
        return f"{self.path}.html"


MORE = {"more"}


async def act_page(
    act: FileAct, request: Request, session: AsyncSession, *, form: Form | None = None, status: int = 200
) -> HTMLResponse:
    file = await open_file(request, session)
    if form is None:
        form = Form(dict(await act.fill(file)) if act.fill else {})
    facts = {"act": act, "form": form, "action": file.at(f"/{act.path}"), "back": file.at(act.leads_to)}
    return await file_page(file, act.template, status=status, **facts, **await act.facts(file, form))


def add_doors(pages: APIRouter, act: FileAct) -> None:
    """The two doors of an act: its page, and its form."""
    name = act.path.replace("-", "_")

    async def show_act(
        subject_id: str,  # noqa: ARG001 - stands in the address
        request: Request,
        session: Session,
        who: Annotated[Principal, allow(*act.roles)],  # noqa: ARG001 - the door
    ) -> Response:
        return await act_page(act, request, session)

    async def post_act(
        subject_id: str, request: Request, session: Session, now: Now, who: Annotated[Principal, allow(*act.roles)]
    ) -> Response:
        fields = Fields(request, await request.body())
        if act.more and fields.chosen("step") == MORE:
            return anew(await act_page(act, request, session, form=Form(fields.values)))
        await act.do(SentForFile(subject_id, fields, session, now, who))
        return go(address(request, f"/desk/people/{subject_id}{act.leads_to}?done={act.path}"))

    async def again(request: Request, session: AsyncSession, form: Form, status: int) -> HTMLResponse:
        return await act_page(act, request, session, form=form, status=status)

    path = f"/desk/people/{{subject_id}}/{act.path}"
    pages.add_api_route(
        path,
        refuses(errors.PersonNotFound)(show_act),
        methods=["GET"],
        name=f"show_file_{name}_page",
        response_class=HTMLResponse,
        summary=f"The page to: {act.summary[0].lower()}{act.summary[1:]}",
    )
    pages.add_api_route(
        path,
        refuses(errors.PersonNotFound, errors.FileMerged, *act.refusals)(
            shown_again(again, beside=act.beside)(post_act)
        ),
        methods=["POST"],
        name=f"post_file_{name}_page",
        response_class=HTMLResponse,
        summary=act.summary,
    )
