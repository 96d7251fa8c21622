"""The list of cases as a table, for a spreadsheet: the same query, the same scope, the same rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Request
from fastapi.responses import StreamingResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.api.views import READERS, CaseView
from shared.language.calendar import RIYADH
from shared.language.case_lifecycle import CaseStatus
from shared.language.clauses import Channel
from shared.language.events import Outcome
from shared.plumbing.doors import allow, api_router
from shared.plumbing.exports import Listing, export
from shared.plumbing.identity import Principal
from shared.policy.adopted import pack_of
from shared.policy.pack import Pack
from shared.sheets import Column, Kind, Value, sheet_of
from shared.sheets.writing import CSV_TYPE, XLSX_TYPE

router = api_router(tag="cases")

Language = Literal["ar", "en"]
STATUSES = {
    CaseStatus.DRAFT: "مسودة",
    CaseStatus.RECEIVED: "مستلَم",
    CaseStatus.INCOMPLETE: "ناقص",
    CaseStatus.COMPLETE: "مكتمل",
    CaseStatus.ATTESTED: "مُقَر",
    CaseStatus.REFERRED: "مرفوع",
    CaseStatus.DECIDED: "مبتوت فيه",
    CaseStatus.ANSWERED: "مُجاب",
    CaseStatus.REGISTERED: "مسجَّل",
    CaseStatus.DELIVERED: "مُسلَّم",
    CaseStatus.CLOSED: "مغلق",
    CaseStatus.WITHDRAWN: "مسحوب",
    CaseStatus.EXPIRED: "منتهٍ",
}
"""As the glossary has them."""
CHANNELS = {
    Channel.INTERVIEW: "مقابلة",
    Channel.PHONE: "هاتف",
    Channel.SOCIAL: "وسائل التواصل",
    Channel.LETTER: "خطاب",
    Channel.HELP_REQUEST: "طلب مساعدة",
    Channel.VOLUNTEERING: "تطوع",
    Channel.WEBSITE: "الموقع الإلكتروني",
    Channel.DELEGATE: "مندوب",
}
OUTCOMES = {Outcome.ACCEPTED: "قبول", Outcome.REJECTED: "رفض"}
TABLE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The table",
        "content": {kind.partition(";")[0]: {"schema": {"type": "string"}} for kind in (XLSX_TYPE, CSV_TYPE)},
    }
}


@dataclass(frozen=True)
class Words:
    """How one association's names are said in one language."""

    pack: Pack
    language: Language

    def of(self, thing: object, *, otherwise: str) -> str:
        """The name of a branch or service; its code where the policy has it no more."""
        return getattr(thing.name, self.language) if thing is not None else otherwise  # type: ignore[attr-defined]

    def code(self, value: Any, arabic: dict[Any, str]) -> str | None:
        return None if value is None else arabic[value] if self.language == "ar" else value.value

    def missing(self, case: CaseView) -> str:
        service = self.pack.service(case.service_id)
        names = {demand.kind: getattr(demand.name, self.language) for demand in service.documents} if service else {}
        return (" ؛ " if self.language == "ar" else "; ").join(names.get(kind, kind) for kind in case.missing)


def _in_riyadh(at: datetime | None) -> datetime | None:
    return None if at is None else at.astimezone(RIYADH).replace(tzinfo=None, microsecond=0)


Cell = Callable[[CaseView, Words], Value]
COLUMNS: tuple[tuple[str, str, int, Cell], ...] = (
    ("رقم الطلب", "Request", 20, lambda case, _: case.reference),
    ("الفرع", "Branch", 22, lambda case, say: say.of(say.pack.branch(case.branch_id), otherwise=case.branch_id)),
    ("الخدمة", "Service", 26, lambda case, say: say.of(say.pack.service(case.service_id), otherwise=case.service_id)),
    ("القناة", "Channel", 18, lambda case, say: say.code(case.channel, CHANNELS)),
    ("الحالة", "Status", 16, lambda case, say: say.code(case.status, STATUSES)),
    ("تاريخ التقديم", "Opened", 18, lambda case, _: _in_riyadh(case.opened_at)),
    ("النواقص", "Missing", 30, lambda case, say: say.missing(case)),
    ("الجولة", "Round", 8, lambda case, _: case.round),
    ("تاريخ الرفع", "Went up", 18, lambda case, _: _in_riyadh(case.referred_at)),
    ("لا يجاب قبل", "Not answered before", 18, lambda case, _: _in_riyadh(case.answer_not_before)),
    ("القرار", "Outcome", 12, lambda case, say: say.code(case.outcome, OUTCOMES)),
    ("تاريخ الإجابة", "Answered", 18, lambda case, _: _in_riyadh(case.answered_at)),
    ("تاريخ التسليم", "Delivered", 14, lambda case, _: case.delivered_on),
    ("توثيق الأثر", "Benefit documented", 18, lambda case, _: _in_riyadh(case.benefit_documented_at)),
    ("تاريخ الانتهاء", "Ended", 18, lambda case, _: _in_riyadh(case.ended_at)),
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
    language: Language = "ar",
) -> StreamingResponse:
    """Excel from right to left, or CSV; by the filter of the list, however many they are."""
    say = Words(pack_of(who.association_id), language)

    async def load(session: AsyncSession, after: str, limit: int) -> Sequence[CaseView]:
        cases = await store.list_cases(session, scope=who.scope, status=status, after=after, limit=limit)
        return [CaseView.model_validate(case) for case in cases]

    def row(case: CaseView) -> Sequence[Value]:
        return [cell(case, say) for _, _, _, cell in COLUMNS]

    in_arabic = language == "ar"
    columns = [Column(ar if in_arabic else en, width) for ar, en, width, _ in COLUMNS]
    title = "الطلبات" if in_arabic else "Requests"
    sheet = sheet_of(kind, columns, title=title, right_to_left=in_arabic)
    name, fallback = f"{title}.{kind}", f"cases.{kind}"
    return export(request, Listing(load, row), sheet=sheet, who=who, name=name, fallback=fallback)
