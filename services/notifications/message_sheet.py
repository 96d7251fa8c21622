"""The messages as a table: as the list shows them, without their words and with addresses masked."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import StreamingResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from services.notifications import store
from services.notifications.api import MessageView, masked_view
from services.notifications.domain.message import STATUSES
from shared.language.events import Medium
from shared.language.roles import Role
from shared.plumbing.doors import allow, api_router
from shared.plumbing.identity import Principal
from shared.plumbing.list_sheet import TABLE, Language, ListColumn, ListSheet, in_riyadh, in_words
from shared.sheets import Kind

router = api_router(tag="notifications")

MEDIA = {Medium.SMS: "رسالة نصية", Medium.EMAIL: "بريد إلكتروني"}

SHEET: ListSheet[MessageView] = ListSheet(
    "الرسائل",
    "Messages",
    "messages",
    (
        ListColumn("الرسالة", "Message", 38, lambda one, _: one.id),
        ListColumn("رقم الطلب", "Request", 20, lambda one, _: one.reference),
        ListColumn("النموذج", "Template", 24, lambda one, _: one.template),
        ListColumn("اللغة", "Language", 10, lambda one, _: str(one.language)),
        ListColumn("الوسيلة", "Medium", 16, lambda one, say: in_words(one.medium, MEDIA, say)),
        ListColumn("إلى", "To", 22, lambda one, _: one.recipient),
        ListColumn("الحالة", "Status", 16, lambda one, say: in_words(one.status, STATUSES, say)),
        ListColumn("المحاولات", "Attempts", 10, lambda one, _: one.attempts),
        ListColumn("وُضعت للإرسال", "Queued", 18, lambda one, _: in_riyadh(one.queued_at)),
        ListColumn("أُرسلت في", "Sent", 18, lambda one, _: in_riyadh(one.sent_at)),
        ListColumn("الخطأ", "Error", 40, lambda one, _: one.error),
    ),
)


@router.get(
    "/messages.{kind}",
    summary="The association's messages, as a table for a spreadsheet",
    response_class=StreamingResponse,
    responses=TABLE,
)
async def export_messages(
    kind: Kind,
    request: Request,
    who: Annotated[Principal, allow(Role.NOTIFICATIONS_OPERATOR, Role.AUDITOR)],
    case_id: Annotated[str | None, Query(max_length=100)] = None,
    language: Language = "ar",
) -> StreamingResponse:
    """Excel from right to left, or CSV; by the filter of the list."""

    async def load(session: AsyncSession, after: str, limit: int) -> Sequence[MessageView]:
        found = await store.list_messages(session, scope=who.scope, case_id=case_id, after=after, limit=limit)
        return [masked_view(one) for one in found]

    return SHEET.export(request, load, kind=kind, language=language, who=who, case=lambda one: one.case_id)
