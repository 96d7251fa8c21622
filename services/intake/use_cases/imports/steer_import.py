"""An import is told what its columns are, checked, started, stopped, gone on with, or given up."""

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.imports.columns import check_columns, check_enough
from services.intake.domain.imports.run import Import, ImportStatus, Known
from services.intake.store import imports as store
from services.intake.timers import ImportFileGoes, ImportNameGoes, ImportPage
from shared.language import errors
from shared.language.clauses import Channel
from shared.plumbing.timers import set_timer
from shared.policy.adopted import pack_of, service_of
from shared.policy.pack import Pack

NAME_KEPT = timedelta(days=90)
"""So long the list of imports still says which table it was; the name of a file may be a person's."""


class ChooseColumns(BaseModel):
    """What the columns are, and what holds where a row says nothing."""

    model_config = ConfigDict(frozen=True)

    import_id: str
    columns: dict[str, int]
    known: Known
    channel: Channel
    branch_id: str | None
    service_id: str | None


async def choose_columns(command: ChooseColumns, *, session: AsyncSession) -> Import:
    """Raises `ImportNotFound`, `ImportOutOfOrder`, `ColumnUnknown`; and for the rest as `draft_case`."""
    found = await store.get_import(session, command.import_id)
    pack = pack_of(found.association_id)
    check_columns(command.columns, heads=found.headings, pack=pack)
    _check_rest(command, pack)
    found.choose(
        command.columns,
        known=command.known,
        channel=command.channel,
        branch_id=command.branch_id,
        service_id=command.service_id,
    )
    return found


def _check_rest(command: ChooseColumns, pack: Pack) -> None:
    if command.service_id is not None:
        service_of(pack, command.service_id)
    if command.branch_id is not None and pack.branch(command.branch_id) is None:
        raise errors.BranchUnknown(field="branch_id", branch=command.branch_id)
    if not pack.adopts(command.channel.clause):
        raise errors.ChannelNotAdopted(
            field="channel",
            clause=command.channel.clause,
            channel=command.channel,
            clause_id=command.channel.clause.value,
            adopted=pack.channels,
        )


async def check_import(import_id: str, *, session: AsyncSession, now: datetime) -> Import:
    """Have every row looked at, and nothing taken in. Raises `ImportNotFound`, `ImportOutOfOrder`, `ColumnsLacking`."""
    found = await store.get_import(session, import_id)
    check_enough(found.columns)
    found.check()
    await set_next_page(found, session=session, now=now)
    return found


async def start_import(import_id: str, *, by: str, session: AsyncSession, now: datetime) -> Import:
    """Have the rows taken in, from the first or from where it stopped. Raises `ImportNotFound`, `ImportOutOfOrder`."""
    found = await store.get_import(session, import_id)
    found.start(by=by, at=now)
    await set_next_page(found, session=session, now=now)
    return found


async def stop_import(import_id: str, *, session: AsyncSession) -> Import:
    """Go no further than the page at hand. Raises `ImportNotFound`, `ImportOutOfOrder`."""
    found = await store.get_import(session, import_id)
    found.stop()
    return found


async def discard_import(import_id: str, *, session: AsyncSession, now: datetime) -> Import:
    """Give the rest of it up. Raises `ImportNotFound`, `ImportOutOfOrder`."""
    found = await store.get_import(session, import_id)
    found.discard(at=now)
    await let_file_go(found, session=session, now=now)
    return found


async def set_next_page(found: Import, *, session: AsyncSession, now: datetime) -> None:
    """The page that is due, as a timer of its own: it is there with the commit of the page before it, or not at all."""
    page = ImportPage(import_id=found.id, turn=found.turn, rows_done=found.rows_done)
    await set_timer(session, page, due_at=now, now=now)


async def let_file_go(found: Import, *, session: AsyncSession, now: datetime) -> None:
    """Once this is committed, and so for good: a file that went before its commit could be missed. Its name follows."""
    if found.status not in {ImportStatus.DONE, ImportStatus.DISCARDED}:
        return
    await set_timer(session, ImportFileGoes(import_id=found.id), due_at=now, now=now)
    await set_timer(session, ImportNameGoes(import_id=found.id), due_at=now + NAME_KEPT, now=now)
