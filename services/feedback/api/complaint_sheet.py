"""The complaints as a table: as the list shows them to whoever asks, sensitive ones and contacts hidden alike."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Request
from fastapi.responses import StreamingResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from services.feedback import store
from services.feedback.api.relations import READERS, RelationView, shown_to
from services.feedback.domain.relations import RelationKind
from shared.language.events import Party
from shared.language.roles import Role
from shared.plumbing.doors import allow, api_router
from shared.plumbing.identity import Principal
from shared.plumbing.list_sheet import TABLE, Language, ListColumn, ListSheet, in_riyadh, in_words, yes_or_no
from shared.sheets import Kind

router = api_router(tag="relations")

PARTIES = {
    Party.BENEFICIARY: "مستفيد",
    Party.SUPPORTER: "داعم",
    Party.VOLUNTEER: "متطوع",
    Party.OTHER: "أخرى",
}

SHEET: ListSheet[RelationView] = ListSheet(
    "الشكاوى",
    "Complaints",
    "complaints",
    (
        ListColumn("الشكوى", "Complaint", 38, lambda one, _: one.id),
        ListColumn("الطرف", "Party", 14, lambda one, say: in_words(one.party, PARTIES, say)),
        ListColumn("حساسة", "Sensitive", 10, lambda one, say: yes_or_no(one.sensitive, say)),
        ListColumn("الموضوع", "Subject", 30, lambda one, _: one.subject),
        ListColumn("النص", "Text", 60, lambda one, _: one.text),
        ListColumn("وسيلة التواصل", "Contact", 18, lambda one, _: one.contact),
        ListColumn("تاريخ الورود", "Received", 18, lambda one, _: in_riyadh(one.received_at)),
        ListColumn("الإجابة", "Answer", 60, lambda one, _: one.answer),
        ListColumn("تاريخ الإجابة", "Answered", 18, lambda one, _: in_riyadh(one.resolved_at)),
    ),
)


@router.get(
    "/complaints.{kind}",
    summary="The complaints, as a table for a spreadsheet",
    response_class=StreamingResponse,
    responses=TABLE,
)
async def export_complaints(
    kind: Kind,
    request: Request,
    who: Annotated[Principal, allow(*READERS, Role.SENSITIVE_COMPLAINTS_OFFICER)],
    language: Language = "ar",
) -> StreamingResponse:
    """Excel from right to left, or CSV."""
    alone = who.role is Role.SENSITIVE_COMPLAINTS_OFFICER

    async def load(session: AsyncSession, after: str, limit: int) -> Sequence[RelationView]:
        found = await store.list_relations(
            session, RelationKind.COMPLAINT, scope=who.scope, after=after, limit=limit, sensitive_alone=alone
        )
        return [shown_to(one, who) for one in found]

    return SHEET.export(request, load, kind=kind, language=language, who=who)
