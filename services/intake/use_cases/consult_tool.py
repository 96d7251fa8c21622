"""The tools of the policy, in the edition in force, beside the request (`tool.*`)."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.desk import ToolEdition
from services.intake.domain.library import source_of_tool
from services.intake.store.library import put_in_force
from shared.language.clauses import Tool
from shared.language.errors import EditionTaken, ToolNotAdopted, ToolNotInForce
from shared.language.events import ToolConsulted
from shared.plumbing import outbox
from shared.plumbing.identity import Principal
from shared.policy.adopted import pack_of


class PublishTool(BaseModel):
    """Put an edition of a tool in force."""

    model_config = ConfigDict(frozen=True)

    tool: Tool
    edition: str
    title: str
    text: str
    by: Principal


class ConsultTool(BaseModel):
    """Open a tool beside a request."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    tool: Tool
    by: Principal


async def publish_tool(command: PublishTool, *, session: AsyncSession, now: datetime) -> ToolEdition:
    """Publish. Raises `ToolNotAdopted` or `EditionTaken`."""
    _adopted(command.tool, association_id=command.by.association_id)
    if await store.has_tool_edition(
        session, association_id=command.by.association_id, tool=command.tool, edition=command.edition
    ):
        raise EditionTaken(field="edition", edition=command.edition)
    edition = ToolEdition(
        association_id=command.by.association_id,
        tool=command.tool,
        edition=command.edition,
        title=command.title,
        text=command.text,
        published_by=command.by.person_id,
        published_at=now,
    )
    session.add(edition)
    await put_in_force(
        session,
        association_id=edition.association_id,
        source=source_of_tool(command.tool),
        title=command.title,
        text=command.text,
    )
    return edition


async def consult_tool(command: ConsultTool, *, session: AsyncSession, now: datetime) -> ToolEdition:
    """The edition in force; that it was consulted stands in the case's file. Raises `ToolNotInForce`."""
    case = await store.get_case(session, command.case_id, scope=command.by.scope)
    _adopted(command.tool, association_id=case.association_id)
    edition = await store.tool_in_force(session, association_id=case.association_id, tool=command.tool)
    if edition is None:
        raise ToolNotInForce(clause=command.tool.clause, tool=command.tool)
    consulted = ToolConsulted(**case.note(ToolConsulted), tool=command.tool, edition=edition.edition)
    await outbox.tell(session, consulted, at=now)
    return edition


def _adopted(tool: Tool, *, association_id: str) -> None:
    if not pack_of(association_id).adopts(tool.clause):
        raise ToolNotAdopted(field="tool", clause=tool.clause, tool=tool)
