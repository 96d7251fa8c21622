"""Visits that arrive at the same moment, on PostgreSQL as production has it: behind row policies."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.intake.domain.case import Case
from services.intake.domain.people import Beneficiary
from services.intake.main import INTAKE
from shared.language.events import CaseReceived
from tests.access.walls import make_walled
from tests.harness.containers import PostgresServer, postgres_server
from tests.harness.desk import Desk, open_desk
from tests.intake.test_visits import count, name_on_file, send, written

__all__ = ["postgres_server"]

pytestmark = pytest.mark.containers


@pytest.fixture
async def walled(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Desk]:
    url = await make_walled(postgres_server, INTAKE)
    async with open_desk(INTAKE, tmp_path, monkeypatch, database_url=url, migrated=True) as desk:
        yield desk


async def test_two_offline_workers_who_register_one_person_at_once_have_one_file_and_two_requests(
    walled: Desk,
) -> None:
    """`channel.delegate`: two of one branch, and two of another."""
    branches = ("hada_sham", "hada_sham", "ayn_shams", "ayn_shams")
    fields = written(walled)
    answers = await asyncio.gather(
        *(send(walled, fields, key=f"key-{nth}", branch=branch) for nth, branch in enumerate(branches))
    )
    assert [answer.status_code for answer in answers] == [201] * 4, [answer.text[:300] for answer in answers]
    assert (await count(walled, Case), await count(walled, Beneficiary)) == (4, 1)
    assert len(await walled.told(CaseReceived)) == 4


async def test_two_who_wrote_two_names_at_once_leave_one_and_the_other_is_asked(walled: Desk) -> None:
    """`channel.delegate`: neither value wins by coming last."""
    names = ("نورة الحربي", "نورة العتيبي")
    answers = await asyncio.gather(
        *(send(walled, written(walled, **{"applicant.name": name}), key=name[-7:].encode().hex()) for name in names)
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    (first,) = [name for name, answer in zip(names, answers, strict=True) if answer.status_code == 201]
    assert (await count(walled, Case), await count(walled, Beneficiary)) == (1, 1)
    assert await name_on_file(walled) == first


async def test_a_visit_sent_twice_at_once_is_one_request(walled: Desk) -> None:
    """A device that gave up waiting sends the same bytes under the same key while the first is still at work."""
    fields = written(walled)
    answers = await asyncio.gather(*(send(walled, fields) for _ in range(4)))
    done = [answer for answer in answers if answer.status_code == 201]
    # Whoever comes while it is at work may be told to ask again; he is then given the first answer.
    assert {answer.status_code for answer in answers} <= {201, 409}
    again = await send(walled, fields)
    assert [answer.json() for answer in done] == [again.json()] * len(done)
    assert (await count(walled, Case), await count(walled, Beneficiary)) == (1, 1)
    assert len(await walled.told(CaseReceived)) == 1
