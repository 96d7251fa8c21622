"""What an association keeps for its whole office, as tables: the common answers, and its staff."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Request
from fastapi.responses import StreamingResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.api.accounts.staff import Reader
from services.intake.api.accounts.views import StaffView
from services.intake.api.library import EntryView
from services.intake.api.sheets.words import service_in
from services.intake.api.views import READERS
from services.intake.store import accounts as account_store
from services.intake.store import library as library_store
from shared.plumbing.audit.notes import figures_only
from shared.plumbing.doors import allow, api_router
from shared.plumbing.identity import Principal
from shared.plumbing.list_sheet import TABLE, Language, ListColumn, ListSheet, in_riyadh, yes_or_no
from shared.policy.adopted import pack_of
from shared.policy.pack import Pack
from shared.sheets import Kind

router = api_router(tag="office")


def answers_of(pack: Pack) -> ListSheet[EntryView]:
    return ListSheet(
        "الأجوبة الشائعة",
        "Common answers",
        "guide",
        (
            ListColumn("السؤال", "Question", 40, lambda one, _: one.question),
            ListColumn("الجواب", "Answer", 60, lambda one, _: one.answer),
            ListColumn("الخدمة", "Service", 26, lambda one, say: service_in(pack, one.service_id, say)),
            ListColumn("تاريخ الكتابة", "Written", 18, lambda one, _: in_riyadh(one.written_at)),
            ListColumn("تاريخ الاعتماد", "Approved", 18, lambda one, _: in_riyadh(one.approved_at)),
            ListColumn("تاريخ السحب", "Taken back", 18, lambda one, _: in_riyadh(one.taken_back_at)),
        ),
    )


STAFF: ListSheet[StaffView] = ListSheet(
    "الموظفون",
    "Staff",
    "staff",
    (
        ListColumn("اسم الدخول", "User name", 20, lambda one, _: one.user_name),
        ListColumn("الاسم", "Name", 30, lambda one, _: one.name),
        ListColumn("يعمل", "Active", 10, lambda one, say: yes_or_no(one.is_active, say)),
        ListColumn("له عامل ثانٍ", "Second factor", 14, lambda one, say: yes_or_no(one.has_second_factor, say)),
        ListColumn("أول دخول", "First signed in", 18, lambda one, _: in_riyadh(one.first_signed_in_at)),
    ),
)


@router.get(
    "/guide.{kind}",
    summary="The common answers and the proposed ones, as a table for a spreadsheet",
    response_class=StreamingResponse,
    responses=TABLE,
)
@figures_only
async def export_answers(
    kind: Kind, request: Request, who: Annotated[Principal, allow(*READERS)], language: Language = "ar"
) -> StreamingResponse:
    """Excel from right to left, or CSV."""

    async def load(session: AsyncSession, after: str, limit: int) -> Sequence[EntryView]:
        found = await library_store.list_entries(session, scope=who.scope, after=after, limit=limit)
        return [EntryView.model_validate(entry) for entry in found]

    return answers_of(pack_of(who.association_id)).export(request, load, kind=kind, language=language, who=who)


@router.get(
    "/staff.{kind}",
    summary="The staff of your association, as a table for a spreadsheet",
    response_class=StreamingResponse,
    responses=TABLE,
)
async def export_staff(kind: Kind, request: Request, who: Reader, language: Language = "ar") -> StreamingResponse:
    """Excel from right to left, or CSV."""

    async def load(session: AsyncSession, after: str, limit: int) -> Sequence[StaffView]:
        found = await account_store.list_staff(session, association_id=who.association_id, after=after, limit=limit)
        return [StaffView.model_validate(one) for one in found]

    return STAFF.export(request, load, kind=kind, language=language, who=who)
