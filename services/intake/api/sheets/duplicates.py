"""Files that may be one person's, as a table."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Request
from fastapi.responses import StreamingResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.api.register.views import PairLine, pair_line
from services.intake.api.sheets.words import FINDINGS, SIGNS
from services.intake.domain.register.duplicates import Finding
from services.intake.seats import SEEKERS
from services.intake.store.register import duplicates as store
from shared.plumbing.doors import allow, api_router
from shared.plumbing.identity import Principal
from shared.plumbing.list_sheet import TABLE, Language, ListColumn, ListSheet, in_riyadh, in_words
from shared.sheets import Kind

router = api_router(tag="people")


def _signs(pair: PairLine, language: Language) -> str:
    return ("، " if language == "ar" else ", ").join(in_words(sign, SIGNS, language) or "" for sign in pair.signs)


PAIRS: ListSheet[PairLine] = ListSheet(
    "ملفات قد تكون لشخص واحد",
    "Files that may be one person's",
    "duplicates",
    (
        ListColumn("الملف", "File", 38, lambda pair, _: pair.one_id),
        ListColumn("الملف الآخر", "Other file", 38, lambda pair, _: pair.other_id),
        ListColumn("الدرجة من مئة", "Score of a hundred", 16, lambda pair, _: pair.score),
        ListColumn("ما يدل على ذلك", "Signs", 40, _signs),
        ListColumn("القرار", "Finding", 20, lambda pair, say: in_words(pair.finding, FINDINGS, say)),
        ListColumn("تاريخ الاقتراح", "Proposed", 18, lambda pair, _: in_riyadh(pair.proposed_at)),
        ListColumn("تاريخ القرار", "Decided", 18, lambda pair, _: in_riyadh(pair.decided_at)),
    ),
)


@router.get(
    "/duplicates.{kind}",
    summary="Files that may be one person's, as a table for a spreadsheet",
    response_class=StreamingResponse,
    responses=TABLE,
)
async def export_pairs(
    kind: Kind,
    request: Request,
    who: Annotated[Principal, allow(*SEEKERS)],
    finding: Finding = Finding.OPEN,
    language: Language = "ar",
) -> StreamingResponse:
    """Excel from right to left, or CSV; without names or numbers, as the list."""

    async def load(session: AsyncSession, after: str, limit: int) -> Sequence[PairLine]:
        shown: list[PairLine] = []
        # Some pairs of a page are not his to see: whole pages are read until one is full, or there is no more.
        while len(shown) < limit:
            pairs = await store.list_proposals(session, scope=who.scope, finding=finding, after=after, limit=limit)
            shown += [pair_line(pair) for pair in await store.shown_to(session, pairs, scope=who.scope)]
            if len(pairs) < limit:
                break
            after = pairs[-1].id
        return shown[:limit]

    return PAIRS.export(request, load, kind=kind, language=language, who=who)
