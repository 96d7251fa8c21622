"""The body's work as a table: as the list shows it, for the body alone, without a file or a study."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Request
from fastapi.responses import StreamingResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from services.research import store
from services.research.api import BODY, ReviewView
from services.research.domain import STATUSES, ReviewStatus, Verdict
from shared.plumbing.doors import allow, api_router
from shared.plumbing.identity import Principal
from shared.plumbing.list_sheet import TABLE, Language, ListColumn, ListSheet, in_riyadh, in_words
from shared.policy.adopted import pack_of
from shared.policy.pack import Pack
from shared.sheets import Kind

router = api_router(tag="research")

VERDICTS = {Verdict.ACCEPTED: "قبول", Verdict.REJECTED: "رفض", Verdict.RETURNED: "إعادة"}


class ReviewLine(ReviewView):
    """A review in its list's order."""

    id: str


def _name(thing: object, code: str, language: Language) -> str:
    """As the policy calls it; its code where the policy has it no more."""
    return code if thing is None else str(getattr(thing.name, language))  # type: ignore[attr-defined]


def sheet_for(pack: Pack) -> ListSheet[ReviewLine]:
    """The table with the names of this association's branches and services."""
    return ListSheet(
        "أعمال البحث",
        "Reviews",
        "reviews",
        (
            ListColumn("رقم الطلب", "Request", 20, lambda one, _: one.reference),
            ListColumn("الجولة", "Round", 8, lambda one, _: one.round),
            ListColumn("الفرع", "Branch", 22, lambda one, say: _name(pack.branch(one.branch_id), one.branch_id, say)),
            ListColumn(
                "الخدمة", "Service", 26, lambda one, say: _name(pack.service(one.service_id), one.service_id, say)
            ),
            ListColumn("الحالة", "Status", 14, lambda one, say: in_words(one.status, STATUSES, say)),
            ListColumn("تاريخ الرفع", "Went up", 18, lambda one, _: in_riyadh(one.referred_at)),
            ListColumn("لا يجاب قبل", "Not answered before", 18, lambda one, _: in_riyadh(one.answer_not_before)),
            ListColumn("تاريخ الدراسة", "Studied", 18, lambda one, _: in_riyadh(one.studied_at)),
            ListColumn("القرار", "Verdict", 12, lambda one, say: in_words(one.verdict, VERDICTS, say)),
            ListColumn("تاريخ القرار", "Decided", 18, lambda one, _: in_riyadh(one.decided_at)),
            ListColumn("تاريخ الإجابة", "Answered", 18, lambda one, _: in_riyadh(one.answered_at)),
        ),
    )


@router.get(
    "/reviews.{kind}",
    summary="The body's work, as a table for a spreadsheet",
    response_class=StreamingResponse,
    responses=TABLE,
)
async def export_reviews(
    kind: Kind,
    request: Request,
    who: Annotated[Principal, allow(*BODY)],
    status: ReviewStatus | None = None,
    language: Language = "ar",
) -> StreamingResponse:
    """Excel from right to left, or CSV; by the filter of the list."""

    async def load(session: AsyncSession, after: str, limit: int) -> Sequence[ReviewLine]:
        found = await store.list_reviews(session, scope=who.scope, status=status, after=after, limit=limit)
        return [ReviewLine.model_validate(one) for one in found]

    sheet = sheet_for(pack_of(who.association_id))
    return sheet.export(request, load, kind=kind, language=language, who=who, case=lambda one: one.case_id)
