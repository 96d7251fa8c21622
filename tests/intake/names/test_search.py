"""A person is looked for before a file is opened: by name in any spelling, number, mobile or reference."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import text

from services.intake.domain.people import Beneficiary
from services.intake.domain.search import PersonSearchKey, keys_of
from services.intake.main import INTAKE
from services.intake.use_cases.find_people import find_people
from shared.language.roles import Role
from shared.plumbing.identity import Scope
from shared.plumbing.scope import EVERYTHING
from shared.plumbing.seal import RING
from tests.harness.containers import PostgresServer
from tests.harness.desk import ASSOCIATION, Desk, open_desk
from tests.harness.plans import plan_of, statements_of
from tests.intake.names.people import crowd, pairs
from tests.intake.office import MOBILE, NATIONAL_ID, OTHER_NATIONAL_ID, Office
from tests.intake.register import desk as registry

DELEGATE = {"role": Role.DELEGATE, "branch": "hada_sham"}
STRANGER = {"role": Role.DELEGATE, "branch": "ayn_shams"}


async def search(office: Office, q: str, **who: Any) -> dict[str, Any]:
    found: dict[str, Any] = await office.get(f"/api/v1/people?{urlencode({'q': q})}", **who)
    return found


def names(found: dict[str, Any]) -> list[str]:
    return [person["name"] for person in found["people"]]


async def register(office: Office, name: str, national_id: str = NATIONAL_ID, **changes: Any) -> dict[str, Any]:
    applicant = {"national_id": national_id, "name": name, "mobile": MOBILE}
    return await office.begin(applicant=applicant, branch_id="hada_sham", **changes)


async def test_a_person_is_found_by_name_number_mobile_and_reference(office: Office) -> None:
    case = await register(office, "فاطمة أحمد سالم الحربي")
    for q in ("فاطمه بنت احمد", "حربي فاطمه", "١٠٠٠٠٠٠٠٠٨", NATIONAL_ID, "0555000111", "+966 555 000 111", MOBILE):
        assert names(await search(office, q)) == ["فاطمة أحمد سالم الحربي"], q
    assert names(await search(office, case["reference"])) == ["فاطمة أحمد سالم الحربي"]
    assert names(await search(office, case["reference"].lower())) == ["فاطمة أحمد سالم الحربي"]


async def test_a_list_shows_the_end_of_a_number_and_no_more(office: Office) -> None:
    await register(office, "فاطمة أحمد سالم الحربي")
    found = await search(office, "فاطمة أحمد")
    assert NATIONAL_ID not in str(found)
    assert "555000111" not in str(found)
    assert found["people"][0]["national_id"] == "••••008"


async def test_a_new_name_finds_him_and_the_old_one_no_longer(office: Office) -> None:
    await register(office, "فاطمة أحمد")
    met = await registry.register(office, NATIONAL_ID, "هند سالم")
    taking = f"/api/v1/people/{met['person']['id']}/registrations/{met['registration_id']}/taking"
    await office.post(taking, {"fields": ["name"], "reason": "رأيت هويتها"})
    assert names(await search(office, "هند سالم")) == ["هند سالم"]
    assert names(await search(office, "فاطمة أحمد")) == []


async def test_another_branch_learns_that_a_file_exists_and_whom_to_call(office: Office) -> None:
    await register(office, "فاطمة أحمد سالم الحربي")
    assert names(await search(office, "فاطمة أحمد", **DELEGATE)) == ["فاطمة أحمد سالم الحربي"]
    by_name = await search(office, "فاطمة أحمد", **STRANGER)
    assert (by_name["people"], by_name["elsewhere"]) == ([], [])
    by_number = await search(office, NATIONAL_ID, **STRANGER)
    assert by_number["people"] == []
    assert [branch["id"] for branch in by_number["elsewhere"]] == ["hada_sham"]


async def test_another_association_finds_nobody(office: Office) -> None:
    await register(office, "فاطمة أحمد سالم الحربي")
    for q in ("فاطمة أحمد", NATIONAL_ID, MOBILE):
        found = await search(office, q, association="kharj-dawah")
        assert (found["people"], found["elsewhere"]) == ([], [])


async def test_a_search_box_that_holds_no_word_finds_nobody(office: Office) -> None:
    await register(office, "فاطمة أحمد")
    for q in ("🙂🙂", "....", "بن بن", "%%", "' OR 1=1 --"):
        assert names(await search(office, q)) == [], q


async def test_two_people_of_one_mobile_are_both_shown(office: Office) -> None:
    await register(office, "فاطمة أحمد")
    await register(office, "هند أحمد", OTHER_NATIONAL_ID)
    assert sorted(names(await search(office, MOBILE))) == ["فاطمة أحمد", "هند أحمد"]


def person(number: int, name: str, *, now: Any) -> Beneficiary:
    national_id = f"{10**9 + number}"
    return Beneficiary(
        association_id=ASSOCIATION,
        national_id_index=RING.index(national_id),
        national_id=national_id,
        name=name,
        language="ar",
        opened_at=now,
    )


async def register_all(desk: Desk, people: list[str]) -> None:
    async with desk.runtime.database.write(scope=EVERYTHING) as session:
        everyone = [person(number, name, now=desk.clock.now()) for number, name in enumerate(people)]
        session.add_all(everyone)
        await session.flush()
        rows = [
            {"association_id": ASSOCIATION, "key": key, "person_id": one.id} for one in everyone for key in keys_of(one)
        ]
        await (await session.connection()).execute(PersonSearchKey.__table__.insert(), rows)  # type: ignore[attr-defined]


EVERYONE = list(dict.fromkeys([name for _, name in pairs()] + crowd()))


@pytest.fixture
async def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    async with open_desk(INTAKE, tmp_path, monkeypatch) as desk:
        await register_all(desk, EVERYONE)
        yield desk


async def test_the_right_person_comes_first_among_thousands(many: Desk) -> None:
    assert await not_found_first(many) == []
    assert not await reads_the_whole_table(many)


@pytest.mark.containers
async def test_the_same_on_postgresql(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = await postgres_server.new_database()
    async with open_desk(INTAKE, tmp_path, monkeypatch, database_url=url) as desk:
        await register_all(desk, EVERYONE)
        assert await not_found_first(desk) == []
        assert not await reads_the_whole_table(desk)


async def not_found_first(desk: Desk) -> list[str]:
    """The spellings under which somebody else comes first, or nobody."""
    wrong = []
    async with desk.runtime.database.read(scope=EVERYTHING) as session:
        for typed, registered in pairs():
            found = await find_people(typed, scope=Scope(ASSOCIATION), limit=5, session=session)
            if [hit.person.name for hit in found.people][:1] != [registered]:
                wrong.append(typed)
    return wrong


async def reads_the_whole_table(desk: Desk) -> bool:
    """Whether a search by name goes through all the keys there are."""
    database = desk.runtime.database
    async with database.write(scope=EVERYTHING) as session:
        await (await session.connection()).execute(text("ANALYZE"))
    async with statements_of(database) as asked, database.read(scope=EVERYTHING) as session:
        await find_people("محمد الحربي", scope=Scope(ASSOCIATION, "hada_sham"), limit=5, session=session)
    searches = [(statement, values) for statement, values in asked if "person_search_keys" in statement]
    assert searches
    async with database.read(scope=EVERYTHING) as session:
        plans = [await plan_of(session, *search, sqlite=database.is_sqlite) for search in searches]
    return any("Seq Scan on person_search_keys" in plan or "SCAN person_search_keys" in plan for plan in plans)
