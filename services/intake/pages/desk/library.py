"""The library: the tools of the policy in force and the common answers, found by their words (`tool.*`)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.desk import ToolEdition
from services.intake.domain.library import Passage, source_of_tool
from services.intake.pages.desk.again import shown_again
from services.intake.pages.desk.on_desk import OnDesk, desk_page, lay_out, router, who_of
from services.intake.pages.desk.words import TOOLS
from services.intake.pages.paths import address, go
from services.intake.seats import FRONT, READERS
from services.intake.store.library import newest_file
from services.intake.use_cases.consult_tool import ConsultTool, consult_tool
from services.intake.use_cases.keep_library import search_library
from shared.language import errors
from shared.language.case_lifecycle import MOVES
from shared.language.clauses import Tool
from shared.language.events import ToolConsulted
from shared.plumbing.audit import figures_only
from shared.plumbing.doors import Now, Session, allow, refuses
from shared.plumbing.identity import Principal
from shared.policy.adopted import pack_of
from shared.ui import Form

pages = router()

FOUND_AT_MOST = 20
SHORTEST = 2
Typed = Annotated[str, Query(max_length=200)]


@dataclass(frozen=True)
class OnShelf:
    """A tool that the policy names, and its edition in force where there is one."""

    tool: str
    words: str
    title: str | None
    edition: str | None
    since: datetime | None


@dataclass(frozen=True)
class Found:
    """Some lines that hold every word that was asked for; `tool` is `None` for a common answer."""

    title: str
    text: str
    tool: str | None


async def shelf(session: AsyncSession, *, association_id: str) -> list[OnShelf]:
    """The tools of the policy, in its order."""
    pack = pack_of(association_id)
    editions = await store.tools_in_force(session, association_id=association_id, search="")
    in_force = {edition.tool: edition for edition in editions}
    return [_on_shelf(tool, in_force.get(tool)) for tool in Tool if pack.adopts(tool.clause)]


def _on_shelf(tool: Tool, edition: ToolEdition | None) -> OnShelf:
    if edition is None:
        return OnShelf(tool.value, TOOLS[tool], None, None, None)
    return OnShelf(tool.value, TOOLS[tool], edition.title, edition.edition, edition.published_at)


def _found(passage: Passage) -> Found:
    tool = next((tool.value for tool in Tool if passage.source == source_of_tool(tool)), None)
    return Found(passage.title, passage.text, tool)


async def _library(
    request: Request, session: AsyncSession, who: Principal, q: str, *, base: str, **facts: Any
) -> HTMLResponse:
    q = q.strip()
    found = None
    if len(q) >= SHORTEST:
        passages = await search_library(q, scope=who.scope, limit=FOUND_AT_MOST, session=session)
        found = [_found(passage) for passage in passages]
    tools = await shelf(session, association_id=who.association_id)
    return await desk_page(
        request, session, who, "library.html", asked=Form({"q": q}), found=found, tools=tools, base=base, **facts
    )


@pages.get("/desk/library", response_class=HTMLResponse, summary="The library: tools in force and common answers")
@figures_only
@refuses(errors.AssociationUnknown)
async def show_library(
    request: Request, session: Session, who: Annotated[Principal, allow(*READERS)], q: Typed = ""
) -> Response:
    return await _library(request, session, who, q, base=address(request, "/desk"), case=None, here=None)


@pages.get(
    "/desk/cases/{case_id}/library",
    response_class=HTMLResponse,
    summary="The library beside a request: tools in force and common answers",
)
@refuses(errors.CaseNotFound)
async def show_library_beside(
    case_id: str, request: Request, session: Session, who: Annotated[Principal, allow(*READERS)], q: Typed = ""
) -> Response:
    desk = await lay_out(request, session, case_id)
    return await _library(request, session, who, q, base=desk.at(), case=desk.case, here=desk.at())


async def _tool_page(
    request: Request, session: AsyncSession, *, desk: OnDesk | None, form: Form, status: int
) -> HTMLResponse:
    """The text of a tool in force. Raises `ToolNotAdopted` or `ToolNotInForce`."""
    who = who_of(request)
    tool = Tool(request.path_params["tool"])
    pack = pack_of(who.association_id)
    if not pack.adopts(tool.clause):
        raise errors.ToolNotAdopted(field="tool", clause=tool.clause, tool=tool)
    edition = await store.tool_in_force(session, association_id=pack.id, tool=tool)
    if edition is None:
        raise errors.ToolNotInForce(clause=tool.clause, tool=tool)
    may = desk is not None and who.role in FRONT and (desk.case.status, ToolConsulted) in MOVES
    return await desk_page(
        request,
        session,
        who,
        "tool.html",
        status=status,
        form=form,
        edition=edition,
        words=TOOLS[tool],
        back=desk.at("/library") if desk else address(request, "/desk/library"),
        case=desk.case if desk else None,
        consult=desk.at(f"/tools/{tool.value}/consultation") if desk and may else None,
        has_file=await newest_file(session, edition.id) is not None,
    )


@pages.get("/desk/tools/{tool}", response_class=HTMLResponse, summary="A tool of the policy, in the edition in force")
@figures_only
@refuses(errors.ToolNotAdopted, errors.ToolNotInForce)
async def show_tool(
    tool: Tool,  # noqa: ARG001 - stands in the address
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(*READERS)],  # noqa: ARG001 - the door
) -> Response:
    return await _tool_page(request, session, desk=None, form=Form(), status=200)


@pages.get(
    "/desk/cases/{case_id}/tools/{tool}",
    response_class=HTMLResponse,
    summary="A tool of the policy beside a request",
)
@refuses(errors.CaseNotFound, errors.ToolNotAdopted, errors.ToolNotInForce)
async def show_tool_beside(
    case_id: str,
    tool: Tool,  # noqa: ARG001 - stands in the address
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(*READERS)],  # noqa: ARG001 - the door
) -> Response:
    desk = await lay_out(request, session, case_id)
    return await _tool_page(request, session, desk=desk, form=Form(), status=200)


async def _tool_again(request: Request, session: AsyncSession, form: Form, status: int) -> HTMLResponse:
    desk = await lay_out(request, session, str(request.path_params["case_id"]))
    return await _tool_page(request, session, desk=desk, form=form, status=status)


@pages.post(
    "/desk/cases/{case_id}/tools/{tool}/consultation",
    response_class=HTMLResponse,
    summary="Note in a request's file, from a tool's page, that the tool was consulted",
)
@shown_again(_tool_again)
@refuses(errors.CaseNotFound, errors.NotHandedIn, errors.ToolNotAdopted, errors.ToolNotInForce, errors.StepOutOfOrder)
async def post_tool_consulted(
    case_id: str, tool: Tool, request: Request, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> Response:
    await consult_tool(ConsultTool(case_id=case_id, tool=tool, by=who), session=session, now=now)
    return go(address(request, f"/desk/cases/{case_id}?done=consulted"))
