"""A page of an import: its rows, how far it has come and the timer of the next page commit together.

Whatever ends the process, the page was taken in whole or not at all, and the timer that is there says which is due.
"""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.imports.rows import RowReader, Wanted
from services.intake.domain.imports.run import Import, ImportRow, Outcome
from services.intake.store import imports as store
from services.intake.timers import ImportFileGoes, ImportNameGoes, ImportPage
from services.intake.use_cases.imports.steer_import import let_file_go, set_next_page
from services.intake.use_cases.imports.take_row import judge_row, take_row
from shared.language import errors
from shared.language.roles import Actor, Role
from shared.plumbing.audit import record
from shared.plumbing.files.cabinet import Cabinet
from shared.plumbing.files.lines import lines_from
from shared.plumbing.origin import Origin, acting, current_traceparent, origin
from shared.policy.adopted import pack_of

ROWS = 50
"""In a page: on SQLite whoever else writes waits for it."""
MOST_BYTES = 1_000_000
TRIAL_ROWS = 200
"""A check writes little."""


@dataclass(frozen=True)
class Line:
    """A row as it lies in the file."""

    number: int
    cells: list[str]


async def carry_on(timer: ImportPage, *, cabinet: Cabinet, session: AsyncSession, now: datetime) -> None:
    """Take the page that is due; one that was set before a stop, or was taken already, does nothing."""
    found = await store.find_import(session, timer.import_id)
    if found is None or not found.is_at(turn=timer.turn, rows_done=timer.rows_done):
        return
    lines, next_at = await asyncio.to_thread(_read_page, cabinet, found)
    # Its timer was set by nobody; who started it does what the rows make.
    with _as_whoever_started(found):
        rows = await _take(found, lines, session=session, now=now)
    await store.forget_trial(session, found.id, first=lines[0].number, last=lines[-1].number)
    session.add_all(rows)
    found.step([row.outcome for row in rows], next_at=next_at, at=now)
    await let_file_go(found, session=session, now=now)
    if found.rows_done < found.total:
        await set_next_page(found, session=session, now=now)


async def let_go(timer: ImportFileGoes, *, cabinet: Cabinet, session: AsyncSession) -> None:
    """Take the file away. Before the commit that forgets its place: stopped in between, it is done again."""
    found = await store.find_import(session, timer.import_id)
    if found is None or found.place is None:
        return
    await asyncio.to_thread(cabinet.discard, found.place)
    found.place = None


async def forget_name(timer: ImportNameGoes, *, session: AsyncSession) -> None:
    """What the table was called is said no more; what became of its rows stays, which names nobody."""
    found = await store.find_import(session, timer.import_id)
    if found is not None:
        found.file_name = None


def _read_page(cabinet: Cabinet, found: Import) -> tuple[list[Line], int]:
    lines: list[Line] = []
    at, most = found.next_at, TRIAL_ROWS if found.is_trial else ROWS
    for line in lines_from(cabinet, found.place or "", key=found.key or "", at=at):
        at += len(line)
        number, cells = json.loads(line)
        lines.append(Line(number, cells))
        if len(lines) == most or at - found.next_at > MOST_BYTES:
            break
    return lines, at


@contextmanager
def _as_whoever_started(found: Import) -> Iterator[None]:
    cause = origin()
    actor = Actor(person_id=found.started_by or found.uploaded_by, role=Role.ASSOCIATION_ADMINISTRATOR)
    whose = Origin(actor=actor, correlation_id=cause.correlation_id, causation_id=cause.causation_id)
    with acting(whose, name="import rows", traceparent=current_traceparent()):
        yield


async def _take(found: Import, lines: list[Line], *, session: AsyncSession, now: datetime) -> list[ImportRow]:
    reader = RowReader(found.plan, pack=pack_of(found.association_id))
    read = [(line.number, reader.read(line.cells)) for line in lines]
    key = found.key or ""
    marks = {wanted.mark(key) for _, wanted in read if isinstance(wanted, Wanted)}
    seen = await store.rows_marked(session, found.id, marks, before=lines[0].number)
    rows: list[ImportRow] = []
    for number, wanted in read:
        # On SQLite nothing in a page waits: without this, whoever reads would wait for all of its rows.
        await asyncio.sleep(0)
        if not isinstance(wanted, Wanted):
            rows.append(ImportRow.refused(found.id, number, wanted, trial=found.is_trial))
            continue
        mark = wanted.mark(key)
        if mark in seen:
            repeated = reader.fault("national_id", *_repeats(seen[mark]))
            rows.append(ImportRow.refused(found.id, number, [repeated], trial=found.is_trial))
            continue
        row = await _take_one(found, number, wanted, reader=reader, session=session, now=now)
        if row.outcome is not Outcome.REFUSED:
            row.mark = mark
            seen[mark] = number
        rows.append(row)
    return rows


def _repeats(number: int) -> tuple[str, str]:
    return (
        f"يكرر الصف {number}: الهوية نفسها والخدمة نفسها. اجمعهما في صف واحد.",
        f"It repeats row {number}: the same id and the same service. Make one row of them.",
    )


async def _take_one(
    found: Import, number: int, wanted: Wanted, *, reader: RowReader, session: AsyncSession, now: datetime
) -> ImportRow:
    reference: str | None = None
    try:
        if found.is_trial:
            outcome = await judge_row(found, wanted, session=session)
        else:
            # What a refusal in the midst of a row wrote goes with it, and the rows before it stay.
            async with session.begin_nested():
                outcome, reference = await take_row(found, wanted, session=session, now=now)
    except errors.PartDown:
        raise
    except errors.Refusal as refusal:
        if isinstance(refusal, errors.RowNeedsALook) and not found.is_trial:
            # The report says not why: whoever may see the case that stands in the way reads it there.
            await record(session, act="import_row_waits", case_id=refusal.case_id, association_id=found.association_id)
        return ImportRow.refused(found.id, number, [reader.refused(refusal)], trial=found.is_trial)
    return ImportRow(import_id=found.id, number=number, trial=found.is_trial, outcome=outcome, reference=reference)
