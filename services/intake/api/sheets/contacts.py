"""First contacts, promised calls, questions that wait and the register of letters, as tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Request
from fastapi.responses import StreamingResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.api.contacts import ContactLine
from services.intake.api.letter_register import LetterView, Year
from services.intake.api.sheets.words import DIRECTIONS, branch_in, service_in
from services.intake.api.views import FRONT
from services.intake.domain.case import Case
from services.intake.domain.letters import Direction
from services.intake.seats import REGISTRY, WAITED_FOR
from services.intake.store import contacts as store
from services.intake.store.desk_lists import waiting_questions
from services.intake.store.moments import moment_in, written
from shared.language.calendar import riyadh_day
from shared.language.clauses import CHANNELS
from shared.plumbing.doors import Now, allow, api_router
from shared.plumbing.identity import Principal
from shared.plumbing.list_sheet import TABLE, Language, ListColumn, ListSheet, in_riyadh, in_words, yes_or_no
from shared.policy.adopted import pack_of
from shared.policy.pack import Pack
from shared.sheets import Kind

router = api_router(tag="contacts")


def contacts_of(pack: Pack) -> ListSheet[ContactLine]:
    return ListSheet(
        "التواصل الأول",
        "First contacts",
        "contacts",
        (
            ListColumn("الفرع", "Branch", 22, lambda one, say: branch_in(pack, one.branch_id, say)),
            ListColumn("القناة", "Channel", 18, lambda one, say: in_words(one.channel, CHANNELS, say)),
            ListColumn("تاريخ التواصل", "Taken", 18, lambda one, _: in_riyadh(one.taken_at)),
            ListColumn("موعد معاودة الاتصال", "Call back at", 20, lambda one, _: in_riyadh(one.call_back_at)),
            ListColumn("عُووِد الاتصال", "Called back", 18, lambda one, _: in_riyadh(one.called_back_at)),
            ListColumn("صار طلبًا", "Is a request", 12, lambda one, say: yes_or_no(one.case_id is not None, say)),
        ),
    )


def letters_of(pack: Pack) -> ListSheet[LetterView]:
    return ListSheet(
        "سجل الخطابات",
        "Register of letters",
        "letters",
        (
            ListColumn("رقم القيد", "Number", 18, lambda one, _: one.shown_number),
            ListColumn("الاتجاه", "Direction", 10, lambda one, say: in_words(one.direction, DIRECTIONS, say)),
            ListColumn("رقمه لدى مرسله", "Their number", 18, lambda one, _: one.their_number),
            ListColumn("تاريخ الخطاب", "Dated", 14, lambda one, _: one.dated),
            ListColumn("المرفقات", "Attachments", 12, lambda one, _: one.attachments),
            ListColumn("الموضوع", "Subject", 40, lambda one, _: one.subject),
            ListColumn("الجهة", "Correspondent", 30, lambda one, _: one.correspondent),
            ListColumn("الفرع", "Branch", 22, lambda one, say: branch_in(pack, one.branch_id, say)),
            ListColumn("تاريخ القيد", "Registered", 18, lambda one, _: in_riyadh(one.registered_at)),
        ),
    )


@dataclass(frozen=True)
class Question:
    """A question that waits, of whose request, and until when."""

    id: str
    case: Case
    due_at: datetime


def questions_of(pack: Pack) -> ListSheet[Question]:
    return ListSheet(
        "الأسئلة المنتظرة",
        "Questions that wait",
        "questions",
        (
            ListColumn("رقم الطلب", "Request", 20, lambda one, _: one.case.reference),
            ListColumn("الفرع", "Branch", 22, lambda one, say: branch_in(pack, one.case.branch_id, say)),
            ListColumn("الخدمة", "Service", 26, lambda one, say: service_in(pack, one.case.service_id, say)),
            ListColumn("آخر موعد للجواب", "To be answered by", 20, lambda one, _: in_riyadh(one.due_at)),
        ),
    )


@router.get(
    "/contacts.{kind}",
    summary="First contacts, as a table for a spreadsheet",
    response_class=StreamingResponse,
    responses=TABLE,
)
async def export_contacts(
    kind: Kind, request: Request, who: Annotated[Principal, allow(*FRONT)], language: Language = "ar"
) -> StreamingResponse:
    """Excel from right to left, or CSV, without what was said."""

    async def load(session: AsyncSession, after: str, limit: int) -> Sequence[ContactLine]:
        found = await store.list_contacts(session, scope=who.scope, after=after, limit=limit)
        return [ContactLine.model_validate(contact) for contact in found]

    sheet = contacts_of(pack_of(who.association_id))
    return sheet.export(request, load, kind=kind, language=language, who=who, case=lambda one: one.case_id)


@router.get(
    "/calls.{kind}",
    summary="Who was promised a call, as a table for a spreadsheet",
    response_class=StreamingResponse,
    responses=TABLE,
)
async def export_calls(
    kind: Kind, request: Request, who: Annotated[Principal, allow(*FRONT)], language: Language = "ar"
) -> StreamingResponse:
    """Excel from right to left, or CSV; the next first."""

    async def load(session: AsyncSession, after: str, limit: int) -> Sequence[ContactLine]:
        found = await store.contacts_to_call(session, scope=who.scope, after=moment_in(after), limit=limit)
        return [ContactLine.model_validate(contact) for contact in found]

    def place(one: ContactLine) -> str:
        return written(one.call_back_at, one.id) if one.call_back_at else ""

    sheet = contacts_of(pack_of(who.association_id))
    return sheet.export(request, load, kind=kind, language=language, who=who, case=lambda one: one.case_id, place=place)


@router.get(
    "/clarifications/waiting.{kind}",
    summary="The questions that wait for an answer, as a table for a spreadsheet",
    response_class=StreamingResponse,
    responses=TABLE,
)
async def export_questions(
    kind: Kind, request: Request, who: Annotated[Principal, allow(*WAITED_FOR)], language: Language = "ar"
) -> StreamingResponse:
    """Excel from right to left, or CSV, without their words; the most pressing first."""
    sheet = questions_of(pack_of(who.association_id))

    async def load(session: AsyncSession, after: str, limit: int) -> Sequence[Question]:
        found = await waiting_questions(session, scope=who.scope, after=moment_in(after), limit=limit)
        return [Question(term.clarification_id, case, term.due_at) for term, case in found]

    return sheet.export(
        request,
        load,
        kind=kind,
        language=language,
        who=who,
        case=lambda one: one.case.id,
        place=lambda one: written(one.due_at, one.id),
    )


@router.get(
    "/letters.{kind}",
    summary="The register of letters, as a table for a spreadsheet",
    response_class=StreamingResponse,
    responses=TABLE,
)
async def export_letters(
    kind: Kind,
    request: Request,
    now: Now,
    who: Annotated[Principal, allow(*REGISTRY)],
    direction: Direction = Direction.INCOMING,
    year: Year = None,
    language: Language = "ar",
) -> StreamingResponse:
    """Excel from right to left, or CSV; by the direction and the year of the list."""
    of_year = year or riyadh_day(now).year

    async def load(session: AsyncSession, after: str, limit: int) -> Sequence[LetterView]:
        found = await store.list_letters(
            session, scope=who.scope, direction=direction, year=of_year, after=int(after or 0), limit=limit
        )
        return [LetterView.model_validate(letter) for letter in found]

    sheet = letters_of(pack_of(who.association_id))
    return sheet.export(
        request,
        load,
        kind=kind,
        language=language,
        who=who,
        case=lambda one: one.case_id,
        place=lambda one: str(one.number),
    )
