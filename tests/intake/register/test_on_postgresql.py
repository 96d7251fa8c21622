"""People, households and duplicates on PostgreSQL as production has it: behind row policies, two at once."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from services.intake.main import INTAKE
from tests.access.walls import make_walled
from tests.harness.containers import PostgresServer
from tests.harness.desk import open_desk
from tests.intake.office import NAME, NATIONAL_ID, Office
from tests.intake.register.desk import FAR, NEAR, PAIRS, PEOPLE, look_for, number, register

pytestmark = pytest.mark.containers


async def test_two_branches_register_and_merge_behind_row_policies(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = await make_walled(postgres_server, INTAKE)
    async with open_desk(INTAKE, tmp_path, monkeypatch, database_url=url, migrated=True) as desk:
        office = Office(desk)
        proof = (await look_for(office, NATIONAL_ID, **NEAR))["search"]
        body = {"national_id": NATIONAL_ID, "name": NAME, "mobile": "0555000111", "search": proof}
        answers = await asyncio.gather(*(office.post(PEOPLE, body, **NEAR) for _ in range(4)))
        outcomes = sorted(answer.json()["outcome"] for answer in answers)
        assert outcomes == ["known", "known", "known", "registered"]
        (subject,) = {answer.json()["person"]["id"] for answer in answers}
        assert len((await office.get(f"{PEOPLE}/{subject}/registrations"))["items"]) == 4
        assert (await register(office, NATIONAL_ID, NAME, who=FAR))["outcome"] == "elsewhere"
        desk.clock.forward(timedelta(minutes=1))
        met = await register(office, number(2), NAME, mobile="0555000111", iban="SA0380000000608010167519", who=FAR)
        (pair,) = met["duplicates"]
        assert (await office.get(f"{PAIRS}/{pair['id']}", **FAR))["sides"][0]["person"] is None
        saad = {"kinship": "son", "name": "سعد سالم"}
        path = f"{PEOPLE}/{subject}/household/members"
        await asyncio.gather(*(office.post(path, saad | {"name": f"سعد {nth}"}) for nth in "ابج"))
        (home,) = await office.get(f"{PEOPLE}/{subject}/households")
        assert len(home["members"]) == 3
        means = {"means": {"incomes": [{"kind": "salary", "monthly": 3000}]}, "seen": 0}
        path = f"{PEOPLE}/{subject}/household/statements"
        both = await asyncio.gather(*(desk.call("POST", path, body=means, **office.who) for _ in range(2)))
        assert sorted(answer.status_code for answer in both) == [201, 409]
        await office.post(f"{PAIRS}/{pair['id']}/merge", {"keep": "one", "reason": "بطاقتان"})
        assert (await office.get(f"{PEOPLE}/{subject}"))["merged"] == [met["person"]["id"]]
        said = {"national_id": NATIONAL_ID, "name": "منى العتيبي", "mobile": "0555777666"}
        await office.post("/api/v1/cases", office.new_case(applicant=said), **FAR)
        assert (await office.get(f"{PEOPLE}/{subject}", **NEAR))["mobile"] == "+9665••••111"
        *_, last = (await office.get(f"{PEOPLE}/{subject}/registrations", **NEAR))["items"]
        assert last["differs"] == ["mobile", "name"]
