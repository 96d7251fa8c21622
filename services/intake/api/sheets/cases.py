"""The list of cases as a table: the same query, the same scope, the same rows."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Request
from fastapi.responses import StreamingResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.api.sheets.words import OUTCOMES, branch_in, service_in
from services.intake.api.views import READERS, CaseView, Code
from shared.language.case_lifecycle import STATUSES, CaseStatus
from shared.language.clauses import CHANNELS
from shared.plumbing.doors import allow, api_router
from shared.plumbing.identity import Principal
from shared.plumbing.list_sheet import TABLE, Language, ListColumn, ListSheet, in_riyadh, in_words
from shared.policy.adopted import pack_of
from shared.policy.pack import Pack
from shared.sheets import Kind

router = api_router(tag="cases")


def _missing(case: CaseView, pack: Pack, language: Language) -> str:
    service = pack.service(case.service_id)
    names = {demand.kind: getattr(demand.name, language) for demand in service.documents} if service else {}
    return (" ؛ " if language == "ar" else "; ").join(names.get(kind, kind) for kind in case.missing)


def cases_of(pack: Pack, *, ar: str = "الطلبات", en: str = "Requests", file: str = "cases") -> ListSheet[CaseView]:
    """Cases of one association, as a table of this name."""
    return ListSheet(
        ar,
        en,
        file,
        (
            ListColumn("رقم الطلب", "Request", 20, lambda case, _: case.reference),
            ListColumn("الفرع", "Branch", 22, lambda case, say: branch_in(pack, case.branch_id, say)),
            ListColumn("الخدمة", "Service", 26, lambda case, say: service_in(pack, case.service_id, say)),
            ListColumn("القناة", "Channel", 18, lambda case, say: in_words(case.channel, CHANNELS, say)),
            ListColumn("الحالة", "Status", 16, lambda case, say: in_words(case.status, STATUSES, say)),
            ListColumn("تاريخ التقديم", "Opened", 18, lambda case, _: in_riyadh(case.opened_at)),
            ListColumn("النواقص", "Missing", 30, lambda case, say: _missing(case, pack, say)),
            ListColumn("الجولة", "Round", 8, lambda case, _: case.round),
            ListColumn("تاريخ الرفع", "Went up", 18, lambda case, _: in_riyadh(case.referred_at)),
            ListColumn("لا يجاب قبل", "Not answered before", 18, lambda case, _: in_riyadh(case.answer_not_before)),
            ListColumn("القرار", "Outcome", 12, lambda case, say: in_words(case.outcome, OUTCOMES, say)),
            ListColumn("تاريخ الإجابة", "Answered", 18, lambda case, _: in_riyadh(case.answered_at)),
            ListColumn("تاريخ التسليم", "Delivered", 14, lambda case, _: case.delivered_on),
            ListColumn("توثيق الأثر", "Benefit documented", 18, lambda case, _: in_riyadh(case.benefit_documented_at)),
            ListColumn("تاريخ الانتهاء", "Ended", 18, lambda case, _: in_riyadh(case.ended_at)),
        ),
    )


@router.get(
    "/cases.{kind}",
    summary="The cases that you may see, as a table for a spreadsheet",
    response_class=StreamingResponse,
    responses=TABLE,
)
async def export_cases(
    kind: Kind,
    request: Request,
    who: Annotated[Principal, allow(*READERS)],
    status: CaseStatus | None = None,
    branch_id: Code | None = None,
    beneficiary_id: Code | None = None,
    language: Language = "ar",
) -> StreamingResponse:
    """Excel from right to left, or CSV; by the filter of the list, however many they are."""

    async def load(session: AsyncSession, after: str, limit: int) -> Sequence[CaseView]:
        cases = await store.list_cases(
            session,
            scope=who.scope,
            status=status,
            branch_id=branch_id,
            beneficiary_id=beneficiary_id,
            after=after,
            limit=limit,
        )
        return [CaseView.model_validate(case) for case in cases]

    return cases_of(pack_of(who.association_id)).export(request, load, kind=kind, language=language, who=who)
