"""The public's pages on PostgreSQL as production has it: behind row policies, as a role that owns nothing."""

import asyncio
from pathlib import Path

import pytest

from services.intake.main import INTAKE
from shared.language.case_lifecycle import CaseStatus
from shared.language.events import CaseReceived
from tests.access.walls import make_walled
from tests.harness.containers import PostgresServer, postgres_server
from tests.harness.desk import open_desk
from tests.intake.office import MOBILE, NAME, Office
from tests.intake.test_asking_from_the_website import READING, TYPED, path_of
from tests.intake.test_attesting import ticks
from tests.intake.test_following import newest, prove
from tests.intake.visitor import Visitor

__all__ = ["postgres_server"]

pytestmark = pytest.mark.containers


async def test_somebody_asks_signs_and_takes_his_request_back_from_behind_row_policies(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`channel.website`, `step.attestation`."""
    url = await make_walled(postgres_server, INTAKE)
    async with open_desk(INTAKE, tmp_path, monkeypatch, database_url=url, migrated=True) as desk:
        desk.runtime.own_settings = desk.runtime.own_settings.model_copy(update={"texted_codes": True})
        office, visitor = Office(desk), Visitor(desk)
        page = await visitor.open(path_of(office))
        desk.clock.forward(READING)
        typed = TYPED | {"mobile": MOBILE}
        clicks = await asyncio.gather(*(visitor.send(page, path_of(office), **typed) for _ in range(2)))
        assert [click.status_code for click in clicks] == [303, 303]
        (event,) = await desk.told(CaseReceived)
        assert isinstance(event, CaseReceived)
        case = await office.get(f"/api/v1/cases/{event.case_id}")
        await office.advance(case, to=CaseStatus.COMPLETE)
        await prove(visitor, office, case["reference"])
        page = await visitor.open("/follow/attestation")
        page = await visitor.send(page, "/follow/attestation", **ticks(office), signed_name=NAME)
        step = await visitor.send(page, "/follow/attestation/code", code=await newest(desk))
        assert step.status_code == 303, step.text
        step = await visitor.send(await visitor.open("/follow/withdrawal"), "/follow/withdrawal")
        assert step.status_code == 303
        assert (await office.now(case))["status"] == "withdrawn"
