"""The queries of the library: texts in force by their words, common answers, and the files of editions."""

from collections.abc import Sequence

from sqlalchemy import delete, func, insert, tuple_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.desk import ToolEdition
from services.intake.domain.guide import GuideEntry
from services.intake.domain.library import Passage, PassageWord, ToolFile, passages_of, words_in
from shared.language.clauses import Tool
from shared.language.errors import EditionNotFound, GuideEntryNotFound
from shared.plumbing.identity import Scope

ROWS_AT_ONCE = 500


async def put_in_force(session: AsyncSession, *, association_id: str, source: str, title: str, text: str) -> None:
    """Have a text found by its words, in place of what was in force of this source before."""
    await take_out_of_force(session, association_id=association_id, source=source)
    passages, words = [], []
    of = {"association_id": association_id, "source": source}
    for number, piece in enumerate(passages_of(text)):
        passages.append(of | {"number": number, "title": title, "text": piece})
        # The title is part of every passage, so that a search may name the tool as well.
        counted = words_in(f"{title} {piece}")
        words += [of | {"number": number, "word": word, "times": times} for word, times in sorted(counted.items())]
    connection = await session.connection()
    for kind, rows in ((Passage, passages), (PassageWord, words)):
        for start in range(0, len(rows), ROWS_AT_ONCE):
            await connection.execute(insert(kind), rows[start : start + ROWS_AT_ONCE])


async def take_out_of_force(session: AsyncSession, *, association_id: str, source: str) -> None:
    old_words = delete(PassageWord).where(
        col(PassageWord.association_id) == association_id, col(PassageWord.source) == source
    )
    old = delete(Passage).where(col(Passage.association_id) == association_id, col(Passage.source) == source)
    await session.exec(old_words.execution_options(synchronize_session=False))
    await session.exec(old.execution_options(synchronize_session=False))


async def search(session: AsyncSession, words: Sequence[str], *, scope: Scope, limit: int) -> list[Passage]:
    """The passages in which every word stands, those first in which they stand most often."""
    if not words:
        return []
    weight = func.sum(col(PassageWord.times))
    query = (
        select(PassageWord.source, PassageWord.number)
        .where(PassageWord.association_id == scope.association_id, col(PassageWord.word).in_(words))
        .group_by(col(PassageWord.source), col(PassageWord.number))
        .having(func.count() == len(words))
        .order_by(weight.desc(), col(PassageWord.source), col(PassageWord.number))
        .limit(limit)
    )
    hits = [(source, number) for source, number in (await session.exec(query)).all()]
    if not hits:
        return []
    found = select(Passage).where(
        Passage.association_id == scope.association_id,
        tuple_(col(Passage.source), col(Passage.number)).in_(hits),
    )
    by_place = {(one.source, one.number): one for one in (await session.exec(found)).all()}
    return [by_place[hit] for hit in hits]


async def get_entry(session: AsyncSession, entry_id: str, *, scope: Scope) -> GuideEntry:
    """A common answer, held for change. Raises `GuideEntryNotFound`."""
    query = select(GuideEntry).where(GuideEntry.id == entry_id, GuideEntry.association_id == scope.association_id)
    if (found := (await session.exec(query.with_for_update())).first()) is None:
        raise GuideEntryNotFound
    return found


async def list_entries(session: AsyncSession, *, scope: Scope, after: str, limit: int) -> list[GuideEntry]:
    """A page of the association's common answers, oldest first, whatever became of them."""
    query = select(GuideEntry).where(GuideEntry.association_id == scope.association_id, GuideEntry.id > after)
    return list((await session.exec(query.order_by(GuideEntry.id).limit(limit))).all())


async def get_edition(session: AsyncSession, edition_id: str, *, tool: Tool, scope: Scope) -> ToolEdition:
    """Raises `EditionNotFound`."""
    query = select(ToolEdition).where(
        ToolEdition.id == edition_id, ToolEdition.tool == tool, ToolEdition.association_id == scope.association_id
    )
    if (found := (await session.exec(query)).first()) is None:
        raise EditionNotFound
    return found


async def newest_file(session: AsyncSession, edition_id: str) -> ToolFile | None:
    query = select(ToolFile).where(ToolFile.edition_id == edition_id).order_by(col(ToolFile.id).desc()).limit(1)
    return (await session.exec(query)).first()


async def named_places(session: AsyncSession, places: Sequence[str]) -> set[str]:
    """Those of `places` that the file of an edition names."""
    return set((await session.exec(select(ToolFile.place).where(col(ToolFile.place).in_(places)))).all())
