"""What people asked about their data, as a table: as the list shows it, without their words."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Request
from fastapi.responses import StreamingResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.api.personal_views import RightsView
from services.intake.domain.rights import KINDS_AR, Asker, Manner, Proof
from services.intake.store.rights import list_requests
from shared.language.roles import Role
from shared.plumbing.doors import allow, api_router
from shared.plumbing.identity import Principal
from shared.plumbing.list_sheet import TABLE, Language, ListColumn, ListSheet, in_riyadh, in_words, yes_or_no
from shared.sheets import Kind

router = api_router(tag="personal")

ASKERS = {Asker.PERSON: "صاحب البيانات", Asker.GUARDIAN: "وليّه"}
MANNERS = {Manner.SPOKEN: "شفهيًا", Manner.WRITTEN: "كتابةً", Manner.ELECTRONIC: "إلكترونيًا"}
PROOFS = {
    Proof.NONE: "لم تثبت بعد",
    Proof.DOCUMENT_SEEN: "اطُّلع على وثيقته",
    Proof.NATIONAL_SIGN_IN: "النفاذ الوطني",
    Proof.CALLED_BACK: "أُعيد الاتصال به",
}

SHEET: ListSheet[RightsView] = ListSheet(
    "طلبات أصحاب البيانات",
    "Requests about personal data",
    "rights",
    (
        ListColumn("الطلب", "Request", 38, lambda one, _: one.id),
        ListColumn("الحق", "Right", 12, lambda one, say: in_words(one.right, KINDS_AR, say)),
        ListColumn("من طلبه", "Asked by", 16, lambda one, say: in_words(one.asker, ASKERS, say)),
        ListColumn("كيف طُلب", "Asked how", 14, lambda one, say: in_words(one.manner, MANNERS, say)),
        ListColumn("إثبات الهوية", "Identity shown by", 20, lambda one, say: in_words(one.proof, PROOFS, say)),
        ListColumn("تاريخ الطلب", "Asked", 18, lambda one, _: in_riyadh(one.asked_at)),
        ListColumn("آخر موعد", "Due", 18, lambda one, _: in_riyadh(one.due_at)),
        ListColumn("تاريخ التمديد", "Extended", 18, lambda one, _: in_riyadh(one.extended_at)),
        ListColumn("لُبّي", "Fulfilled", 10, lambda one, say: yes_or_no(one.fulfilled, say)),
        ListColumn("تاريخ الإجابة", "Answered", 18, lambda one, _: in_riyadh(one.answered_at)),
        ListColumn("تاريخ المحو", "Erased", 18, lambda one, _: in_riyadh(one.erased_at)),
    ),
)


@router.get(
    "/personal/requests.{kind}",
    summary="What people asked about their data, as a table for a spreadsheet",
    response_class=StreamingResponse,
    responses=TABLE,
)
async def export_requests(
    kind: Kind,
    request: Request,
    who: Annotated[Principal, allow(Role.ASSOCIATION_ADMINISTRATOR, Role.AUDITOR)],
    only_open: bool = False,  # noqa: FBT001, FBT002 - the field's name on the wire
    language: Language = "ar",
) -> StreamingResponse:
    """Excel from right to left, or CSV; by the filter of the list."""

    async def load(session: AsyncSession, after: str, limit: int) -> Sequence[RightsView]:
        found = await list_requests(session, scope=who.scope, only_open=only_open, after=after, limit=limit)
        return [RightsView.model_validate(one) for one in found]

    return SHEET.export(request, load, kind=kind, language=language, who=who)
