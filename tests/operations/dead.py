"""Dead letters of every sort, as a service would have buried them."""

from shared.language.events import Source
from shared.plumbing import tables
from shared.plumbing.inbox import DATA, take_in
from shared.plumbing.seal import seal
from tests.operations.lone import Lone
from tests.plumbing.bench import envelope

STORY = "ValidationError: benefit.useful: missing at take_in:41 < _handle:219 < _effect:180"
NAME = "سعاد بنت صالح"
GARBAGE = b'\x89BIN\r\n\x1a\n{"name": "\xff\x00\x1b[31m Athar"}'


async def bury(service: Lone, key: str, *, behind: int = 0) -> int:
    """A dead message about this case, with as many behind it; its number."""
    await service.receive(*((key, seq) for seq in range(1, 2 + behind)))
    first = (tables.inbox.c.key == key, tables.inbox.c.seq == 1)
    await service.change(*first, state=tables.DEAD, error=STORY, attempts=12)
    return await number_of(service, key)


async def bury_with_a_name(service: Lone, key: str) -> int:
    """A dead message that carries a person's name: sealed, as events do, and in clear, as they never should."""
    number = await bury(service, key)
    told = envelope(key, 1)
    data = {"case_id": key, "applicant": seal(NAME), "note": NAME, "answers": [NAME, "2"], "documents_checked": 7}
    worse = told.model_copy(update={"data": data, "source": "intake"})
    await service.change(tables.inbox.c.key == key, envelope=worse.model_dump_json())
    return number


async def bury_garbage(service: Lone, body: bytes = GARBAGE) -> int:
    """An entry that nobody can read."""
    entries = [(b"1-1", {DATA: body})]
    await take_in(service.runtime.database, source=Source.INTAKE, entries=entries, now=service.clock.now())
    return await number_of(service, "unreadable:1-1")


async def number_of(service: Lone, key: str) -> int:
    inbox = tables.inbox
    query = inbox.select().where(inbox.c.key == key).order_by(inbox.c.id).limit(1)
    async with service.runtime.database.read() as session:
        row = (await (await session.connection()).execute(query)).one()
    return int(row.id)
