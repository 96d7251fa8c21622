"""What a branch has before it, as tables: cases that somebody keeps, transfers, deliveries of a day, whom to reach."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import StreamingResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.api.delivery_views import PlanView
from services.intake.api.proposals import ProposalView
from services.intake.api.sheets.cases import cases_of
from services.intake.api.sheets.words import PROPOSALS, TRANSFERS, branch_in, service_in
from services.intake.api.transfers import MANAGERS, TransferView, keeper_of
from services.intake.api.views import FRONT, CaseView
from services.intake.store import deliveries as delivery_store
from services.intake.store import proposals as proposal_store
from services.intake.store import transfers as transfer_store
from services.intake.store.keepers import unkept_cases
from shared.language.calendar import riyadh_day
from shared.plumbing.doors import Now, allow, api_router
from shared.plumbing.identity import Principal
from shared.plumbing.list_sheet import TABLE, Language, ListColumn, ListSheet, in_riyadh, in_words
from shared.policy.adopted import pack_of
from shared.policy.pack import Pack
from shared.sheets import Kind

router = api_router(tag="cases")


def transfers_of(pack: Pack) -> ListSheet[TransferView]:
    return ListSheet(
        "نقل الطلبات",
        "Transfers",
        "transfers",
        (
            ListColumn("رقم الطلب", "Request", 20, lambda one, _: one.reference),
            ListColumn("من فرع", "From", 22, lambda one, say: branch_in(pack, one.from_branch, say)),
            ListColumn("إلى فرع", "To", 22, lambda one, say: branch_in(pack, one.to_branch, say)),
            ListColumn("السبب", "Reason", 40, lambda one, _: one.reason),
            ListColumn("الحالة", "Status", 16, lambda one, say: in_words(one.status, TRANSFERS, say)),
            ListColumn("تاريخ الطلب", "Asked", 18, lambda one, _: in_riyadh(one.asked_at)),
        ),
    )


def proposals_of(pack: Pack) -> ListSheet[ProposalView]:
    return ListSheet(
        "المبادرة بالتواصل",
        "Whom to reach",
        "proposals",
        (
            ListColumn("رقم الطلب", "Request", 20, lambda one, _: one.reference),
            ListColumn("سبب المبادرة", "Why", 30, lambda one, say: in_words(one.kind, PROPOSALS, say)),
            ListColumn("الفرع", "Branch", 22, lambda one, say: branch_in(pack, one.branch_id, say)),
            ListColumn("الخدمة", "Service", 26, lambda one, say: service_in(pack, one.service_id, say)),
            ListColumn("الموعد", "Due", 14, lambda one, _: one.due_on),
            ListColumn("تاريخ الاقتراح", "Proposed", 18, lambda one, _: in_riyadh(one.made_at)),
        ),
    )


PLANS: ListSheet[PlanView] = ListSheet(
    "التسليم المخطط له",
    "Planned deliveries",
    "delivery-plans",
    (
        ListColumn("اليوم", "Day", 14, lambda one, _: one.planned_for),
        ListColumn("المكان", "Place", 30, lambda one, _: one.place),
        ListColumn("ما يُسلَّم", "What", 40, lambda one, _: one.what),
    ),
)


@router.get(
    "/transfers.{kind}",
    summary="What is asked of your branch, or by it, as a table for a spreadsheet",
    response_class=StreamingResponse,
    responses=TABLE,
)
async def export_transfers(
    kind: Kind,
    request: Request,
    who: Annotated[Principal, allow(*FRONT)],
    side: transfer_store.Side = "to",
    language: Language = "ar",
) -> StreamingResponse:
    """Excel from right to left, or CSV."""

    async def load(session: AsyncSession, after: str, limit: int) -> Sequence[TransferView]:
        rows = await transfer_store.list_transfers(session, scope=who.scope, side=side, after=after, limit=limit)
        return [TransferView.model_validate(row) for row in rows]

    sheet = transfers_of(pack_of(who.association_id))
    return sheet.export(request, load, kind=kind, language=language, who=who, case=lambda one: one.case_id)


@router.get(
    "/caseload.{kind}",
    summary="The open cases that you keep, or one of your branch, as a table for a spreadsheet",
    response_class=StreamingResponse,
    responses=TABLE,
)
async def export_caseload(
    kind: Kind,
    request: Request,
    who: Annotated[Principal, allow(*FRONT)],
    person_id: Annotated[str, Query(max_length=100)] = "",
    language: Language = "ar",
) -> StreamingResponse:
    """Excel from right to left, or CSV; in the columns of the cases."""
    person = keeper_of(who, named=person_id)

    async def load(session: AsyncSession, after: str, limit: int) -> Sequence[CaseView]:
        cases = await transfer_store.caseload_of(session, person, scope=who.scope, after=after, limit=limit)
        return [CaseView.model_validate(case) for case in cases]

    sheet = cases_of(pack_of(who.association_id), ar="الطلبات لدى موظف", en="Caseload", file="caseload")
    return sheet.export(request, load, kind=kind, language=language, who=who)


@router.get(
    "/caseload/unkept.{kind}",
    summary="The open cases that nobody keeps, as a table for a spreadsheet",
    response_class=StreamingResponse,
    responses=TABLE,
)
async def export_unkept(
    kind: Kind, request: Request, now: Now, who: Annotated[Principal, allow(*MANAGERS)], language: Language = "ar"
) -> StreamingResponse:
    """Excel from right to left, or CSV; in the columns of the cases."""
    pack = pack_of(who.association_id)

    async def load(session: AsyncSession, after: str, limit: int) -> Sequence[CaseView]:
        cases = await unkept_cases(session, scope=who.scope, pack=pack, now=now, after=after, limit=limit)
        return [CaseView.model_validate(case) for case in cases]

    sheet = cases_of(pack, ar="ملفات لا يتولاها أحد", en="Without a keeper", file="unkept")
    return sheet.export(request, load, kind=kind, language=language, who=who)


@router.get(
    "/proposals.{kind}",
    summary="Whom your branch may reach before he asks, as a table for a spreadsheet",
    response_class=StreamingResponse,
    responses=TABLE,
)
async def export_proposals(
    kind: Kind, request: Request, who: Annotated[Principal, allow(*FRONT)], language: Language = "ar"
) -> StreamingResponse:
    """Excel from right to left, or CSV."""

    async def load(session: AsyncSession, after: str, limit: int) -> Sequence[ProposalView]:
        rows = await proposal_store.list_proposals(session, scope=who.scope, after=after, limit=limit)
        return [ProposalView.model_validate(row) for row in rows]

    sheet = proposals_of(pack_of(who.association_id))
    return sheet.export(request, load, kind=kind, language=language, who=who, case=lambda one: one.case_id)


@router.get(
    "/delivery-plans.{kind}",
    summary="What is to be handed over on a day, as a table for a spreadsheet",
    response_class=StreamingResponse,
    responses=TABLE,
)
async def export_plans(
    kind: Kind,
    request: Request,
    now: Now,
    who: Annotated[Principal, allow(*FRONT)],
    day: date | None = None,
    language: Language = "ar",
) -> StreamingResponse:
    """Excel from right to left, or CSV; of today where no day is named."""
    of_day = day or riyadh_day(now)

    async def load(session: AsyncSession, after: str, limit: int) -> Sequence[PlanView]:
        rows = await delivery_store.plans_on(session, of_day, scope=who.scope, after=after, limit=limit)
        return [PlanView.model_validate(row) for row in rows]

    return PLANS.export(request, load, kind=kind, language=language, who=who, case=lambda one: one.case_id)
