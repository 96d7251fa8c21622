"""The policy at work: its tools beside a request, its circulation, and the evidence for each of its clauses."""

from typing import Annotated

from fastapi import Query

from services.intake import store
from services.intake.api.views import (
    FRONT,
    READERS,
    CirculationView,
    ClauseLine,
    Conformance,
    NewCirculation,
    ToolText,
    ToolView,
)
from services.intake.use_cases.circulate_policy import (
    AcknowledgePolicy,
    CirculatePolicy,
    acknowledge_policy,
    circulate_policy,
)
from services.intake.use_cases.consult_tool import ConsultTool, PublishTool, consult_tool, publish_tool
from shared.language import errors
from shared.language.clauses import Clause, Tool
from shared.language.roles import Role
from shared.plumbing.audit import figures_only
from shared.plumbing.doors import Now, Session, allow, api_router, refuses
from shared.plumbing.identity import Principal
from shared.policy.adopted import pack_of
from shared.policy.pack import Pack
from shared.policy.wording import CLAUSE_WORDS

router = api_router(tag="policy")

STAFF = tuple(role for role in Role if role is not Role.PLATFORM_OPERATOR)
ACKNOWLEDGERS = tuple(role for role in STAFF if role is not Role.AUDITOR)
"""An auditor reads the policy and writes nothing, not even that."""


@router.get("/policy", summary="The policy that your association adopted")
@figures_only
async def show_policy(who: Annotated[Principal, allow(*STAFF)]) -> Pack:
    return pack_of(who.association_id)


@router.get("/conformance", summary="Each clause that the association adopted, with the evidence found")
async def show_conformance(
    session: Session,
    who: Annotated[Principal, allow(Role.AUDITOR, Role.ASSOCIATION_ADMINISTRATOR, Role.QUALITY_OFFICER)],
) -> Conformance:
    pack, evidence = pack_of(who.association_id), await store.evidence_of(session, who.association_id)
    lines = []
    for clause in Clause:
        if pack.adopts(clause):
            row, words = evidence.get(clause.value), CLAUSE_WORDS[clause]
            lines.append(
                ClauseLine(
                    clause=clause.value,
                    ar=words.ar,
                    en=words.en,
                    count=row.count if row else 0,
                    last_event=row.last_event if row else None,
                    last_reference=row.last_reference if row else None,
                    last_at=row.last_at if row else None,
                )
            )
    return Conformance(association_id=pack.id, lines=lines, gaps=sum(line.count == 0 for line in lines))


@router.post("/tools/{tool}/editions", status_code=201, summary="Put an edition of a tool in force")
@refuses(errors.ToolNotAdopted, errors.EditionTaken)
async def post_tool_edition(
    tool: Tool,
    text: ToolText,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(Role.ASSOCIATION_ADMINISTRATOR)],
) -> ToolView:
    command = PublishTool(tool=tool, by=who, **text.model_dump())
    return ToolView.model_validate(await publish_tool(command, session=session, now=now))


@router.get("/cases/{case_id}/tools", summary="The tools in force beside a request, searchable")
@refuses(errors.CaseNotFound)
async def list_tools(
    case_id: str,
    session: Session,
    who: Annotated[Principal, allow(*READERS)],
    search: Annotated[str, Query(max_length=100)] = "",
) -> list[ToolView]:
    case = await store.see_case(session, case_id, scope=who.scope)
    tools = await store.tools_in_force(session, association_id=case.association_id, search=search)
    return [ToolView.model_validate(tool) for tool in tools]


@router.post("/cases/{case_id}/tools/{tool}/consultation", summary="Open a tool beside a request; its file notes it")
@refuses(errors.CaseNotFound, errors.NotHandedIn, errors.ToolNotAdopted, errors.ToolNotInForce, errors.StepOutOfOrder)
async def post_consultation(
    case_id: str, tool: Tool, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> ToolView:
    command = ConsultTool(case_id=case_id, tool=tool, by=who)
    return ToolView.model_validate(await consult_tool(command, session=session, now=now))


@router.post("/policy/circulations", status_code=201, summary="Send the reviewed policy round to the staff")
@refuses(errors.EditionTaken)
async def post_circulation(
    new: NewCirculation,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(Role.ASSOCIATION_ADMINISTRATOR)],
) -> CirculationView:
    command = CirculatePolicy(by=who, **new.model_dump())
    return CirculationView.model_validate(await circulate_policy(command, session=session, now=now))


@router.post(
    "/policy/circulations/{circulation_id}/acknowledgement",
    status_code=204,
    summary="Say that you have read the policy",
)
@refuses(errors.CirculationNotFound)
async def post_acknowledgement(
    circulation_id: str, session: Session, now: Now, who: Annotated[Principal, allow(*ACKNOWLEDGERS)]
) -> None:
    await acknowledge_policy(AcknowledgePolicy(circulation_id=circulation_id, by=who), session=session, now=now)
