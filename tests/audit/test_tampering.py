"""Whoever changes the trail without the key is found, whatever he changes."""

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.intake.main import INTAKE
from shared.language.roles import Role
from shared.plumbing.audit import checking
from shared.plumbing.database import Database
from shared.plumbing.origin import new_id
from shared.plumbing.seal import RING
from tests.audit.book import Intruder, broken
from tests.contracts.migrated import make_migrated
from tests.harness.desk import SEAL_KEY, open_desk
from tests.intake.office import Office

CASES = "/api/v1/cases"


@dataclass(frozen=True)
class Crime:
    """A trail that was written by the service, copied for each crime."""

    whole: Path
    place: Path
    case_chain: str

    def scene(self) -> Path:
        return Path(shutil.copy(self.whole, self.place / f"{new_id()}.db"))


@pytest.fixture(scope="module")
def crime(tmp_path_factory: pytest.TempPathFactory) -> Crime:
    folder = tmp_path_factory.mktemp("crime")
    make_migrated(INTAKE, folder)
    with pytest.MonkeyPatch.context() as patch:
        case = asyncio.run(_work(folder, patch))
    place = tmp_path_factory.mktemp("scenes")
    RING.hold([SEAL_KEY])
    return Crime(folder / "intake.db", place, f"case:{case}")


async def _work(folder: Path, patch: pytest.MonkeyPatch) -> str:
    async with open_desk(INTAKE, folder, patch) as desk:
        office = Office(desk)
        case = await office.begin()
        await office.step(case, "reception", {})
        for person in ("a-1", "a-2"):
            await office.get(f"{CASES}/{case['id']}", role=Role.AUDITOR, person=person)
        await office.get(CASES, role=Role.AUDITOR, person="a-1")
        await office.begin()
        await desk.call("POST", f"{CASES}/{case['id']}/referral", **office.who)
    return str(case["id"])


def found_in(file: Path) -> list[str]:
    async def look() -> list[str]:
        database = Database(f"sqlite+aiosqlite:///{file}")
        try:
            return await broken(database)
        finally:
            await database.close()

    return asyncio.run(look())


def after(crime: Crime, *deeds: tuple[Any, ...]) -> list[str]:
    """What is found once the intruder has done all this."""
    file = crime.scene()
    intruder = Intruder(file)
    for sql, *values in deeds:
        assert intruder.do(sql, *values) > 0, sql
    intruder.close()
    found = found_in(file)
    file.unlink()
    return found


def test_a_trail_that_nobody_touched_is_whole(crime: Crime) -> None:
    assert found_in(crime.scene()) == []


@given(st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_single_changed_byte_of_any_column_of_any_row_is_found(crime: Crime, data: st.DataObject) -> None:
    file = crime.scene()
    intruder = Intruder(file)
    table = data.draw(st.sampled_from(["audit_entries", "audit_heads"]))
    columns = [row[1].decode() for row in intruder.ask(f"PRAGMA table_info({table})")]
    rows = intruder.ask(f"SELECT rowid, * FROM {table}")  # noqa: S608 - one of the two above
    rowid, *values = data.draw(st.sampled_from(rows))
    filled = [place for place, value in enumerate(values) if value is not None and value != b""]
    place = data.draw(st.sampled_from(filled))
    old = values[place] if isinstance(values[place], bytes) else str(values[place]).encode()
    at = data.draw(st.integers(0, len(old) - 1))
    new = bytearray(old)
    new[at] ^= data.draw(st.integers(1, 255))
    change = f"UPDATE OR IGNORE {table} SET {columns[place]} = CAST(? AS TEXT) WHERE rowid = ?"  # noqa: S608
    done = intruder.do(change, bytes(new), rowid)
    (value,) = intruder.ask(f"SELECT {columns[place]} FROM {table} WHERE rowid = ?", rowid)[0]  # noqa: S608
    intruder.close()
    # A number that reads the same (" 3", "+3") is the same number.
    if done and value != values[place]:
        assert found_in(file) != [], f"{columns[place]}: {old!r} became {bytes(new)!r}"
    file.unlink()


@given(st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_entry_that_was_taken_out_is_missed(crime: Crime, data: st.DataObject) -> None:
    file = crime.scene()
    intruder = Intruder(file)
    rows = intruder.ask("SELECT rowid FROM audit_entries")
    some = data.draw(st.lists(st.sampled_from(rows), min_size=1, unique=True))
    for (rowid,) in some:
        intruder.do("DELETE FROM audit_entries WHERE rowid = ?", rowid)
    intruder.close()
    assert found_in(file) != []
    file.unlink()


def test_the_first_broken_link_is_named_with_its_chain_and_number(crime: Crime) -> None:
    chain = crime.case_chain
    (found,) = after(crime, ("UPDATE audit_entries SET status = 201 WHERE chain = ? AND number = 2", chain))
    assert found == f"{chain} #2: was changed after it was written"
    (found,) = after(crime, ("DELETE FROM audit_entries WHERE chain = ? AND number = 2", chain))
    assert found == f"{chain} #2: is missing: 3 comes after 1"


def test_a_tail_that_was_cut_off_is_missed(crime: Crime) -> None:
    chain = crime.case_chain
    (found,) = after(crime, ("DELETE FROM audit_entries WHERE chain = ? AND number > 2", chain))
    assert found == f"{chain} #3: the tail was cut off: the head says 4"


def test_a_tail_that_was_cut_off_under_a_head_set_back_is_missed(crime: Crime) -> None:
    chain = crime.case_chain
    (found,) = after(
        crime,
        ("DELETE FROM audit_entries WHERE chain = ? AND number > 2", chain),
        (
            "UPDATE audit_heads SET number = 2, hash ="
            " (SELECT hash FROM audit_entries e WHERE e.chain = ?1 AND e.number = 2) WHERE chain = ?1",
            chain,
        ),
    )
    assert found == f"{chain} #2: the head was forged: it is not signed by our key"


def test_an_older_head_put_back_is_known_for_one(crime: Crime) -> None:
    file = crime.scene()
    old = Intruder(file)
    number, *signed = old.ask("SELECT number, hash, seal FROM audit_heads WHERE chain = ?", crime.case_chain)[0]
    head = (number, *(text.decode() for text in signed))
    old.close()
    grown = crime.scene()

    async def go_on() -> None:
        with pytest.MonkeyPatch.context() as patch:
            shutil.copy(grown, crime.place / "intake.db")
            shutil.copy(crime.whole.with_name("vault.db"), crime.place)
            async with open_desk(INTAKE, crime.place, patch) as desk:
                await Office(desk).get(f"{CASES}/{crime.case_chain.removeprefix('case:')}", role=Role.AUDITOR)

    asyncio.run(go_on())
    RING.hold([SEAL_KEY])
    intruder = Intruder(crime.place / "intake.db")
    intruder.do("UPDATE audit_heads SET number = ?, hash = ?, seal = ? WHERE chain = ?", *head, crime.case_chain)
    intruder.close()
    (found,) = found_in(crime.place / "intake.db")
    assert found == f"{crime.case_chain} #5: the head is an old one: it says 4"


def test_two_entries_in_each_others_place_are_found(crime: Crime) -> None:
    chain = crime.case_chain
    swap = "UPDATE audit_entries SET number = ? WHERE chain = ? AND number = ?"
    (found,) = after(crime, (swap, 99, chain, 2), (swap, 2, chain, 3), (swap, 3, chain, 99))
    assert found == f"{chain} #2: was changed after it was written"


def test_an_entry_that_was_put_in_is_found(crime: Crime) -> None:
    columns = "kind, act, route, association_id, person_id, case_id, at, machine_at, previous, hash"
    copy = (
        f"INSERT INTO audit_entries (id, chain, number, {columns})"  # noqa: S608
        f" SELECT 'made-up', chain, 5, {columns} FROM audit_entries WHERE chain = ? AND number = 1"
    )
    (found,) = after(crime, (copy, crime.case_chain))
    assert found == f"{crime.case_chain} #5: was changed after it was written"


def test_a_chain_that_vanished_with_its_head_is_missed(crime: Crime) -> None:
    chain = crime.case_chain
    (found,) = after(
        crime,
        ("DELETE FROM audit_entries WHERE chain = ?", chain),
        ("DELETE FROM audit_heads WHERE chain = ?", chain),
    )
    assert found == f"{chain} #1: {checking.GONE}"


def test_a_chain_without_its_head_is_found(crime: Crime) -> None:
    (found,) = after(crime, ("DELETE FROM audit_heads WHERE chain = ?", crime.case_chain))
    assert "the head is missing" in found


def test_what_is_found_is_found_over_many_pages_too(crime: Crime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "CHAINS_AT_ONCE", 1)
    monkeypatch.setattr(checking, "ENTRIES_AT_ONCE", 2)
    assert found_in(crime.scene()) == []
    chain = crime.case_chain
    (found,) = after(crime, ("UPDATE audit_entries SET address = '::1' WHERE chain = ? AND number = 4", chain))
    assert found == f"{chain} #4: was changed after it was written"
    (found,) = after(crime, ("DELETE FROM audit_entries WHERE chain = ? AND number = 4", chain))
    assert "the tail was cut off" in found


def test_another_key_finds_nothing_whole(crime: Crime) -> None:
    RING.hold(["b3RoZXIta2V5LWZvci10ZXN0cy1vbmx5LTMyLWJ5dGU="])
    try:
        assert found_in(crime.scene()) != []
    finally:
        RING.hold([SEAL_KEY])


def test_a_newer_seal_key_leaves_the_trail_whole(crime: Crime) -> None:
    RING.hold(["b3RoZXIta2V5LWZvci10ZXN0cy1vbmx5LTMyLWJ5dGU=", SEAL_KEY])
    try:
        assert found_in(crime.scene()) == []
    finally:
        RING.hold([SEAL_KEY])
