"""Entries that are not ours, and handlers that fail for ever: dead with their story, and everything else goes on."""

from pathlib import Path

import pytest

from shared.language.roles import Role
from shared.plumbing.inbox import RAW_KEPT_BYTES
from tests.faults.conftest import Place
from tests.faults.poison import poison_everywhere
from tests.faults.run import Scene
from tests.faults.switches import END, HANG, RAISE
from tests.faults.troubles import fill_disk
from tests.faults.truth import LISTENS
from tests.plumbing.waiting import eventually

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(400)]

TRIES = 3
STORIES = {RAISE: "RuntimeError", HANG: "TimeoutError", END: "its worker ended"}


async def test_what_is_not_ours_is_kept_with_its_bytes_and_reason_and_the_rest_goes_on(place: Place) -> None:
    seen: list[str] = []

    async def trouble(scene: Scene) -> None:
        await scene.after(10)
        entries = await poison_everywhere(scene)
        scene.expected.all_dead = True
        for service, sources in LISTENS.items():
            wanted = [entry for entry in entries if entry.source in sources]

            async def kept(service: str = service, wanted: int = len(wanted)) -> bool:
                sql = "SELECT count(*) FROM inbox_messages WHERE state = 'dead'"
                return await scene.books.number(service, sql) == wanted

            await eventually(kept, within=60)
            for entry in wanted:
                sql = "SELECT raw, envelope, error FROM inbox_messages WHERE event_id = :id"
                (row,) = await scene.books.rows(service, sql, id=entry.event_id)
                assert entry.is_kept_as(row["raw"], row["envelope"], at_most=RAW_KEPT_BYTES)
                assert entry.reason in row["error"]
                seen.append(entry.reason)

    outcome = await place.run(seed=1, trouble=trouble)
    assert outcome.violations == []
    assert len(seen) == 6 * sum(len(sources) for sources in LISTENS.values())


@pytest.mark.parametrize("how", [RAISE, HANG, END])
async def test_a_handler_that_fails_for_ever_is_bounded_and_dead_with_its_story(
    sqlite_place: Place, tmp_path: Path, how: str
) -> None:
    spoiled = tmp_path / "spoiled"
    spoiled.touch()

    async def trouble(scene: Scene) -> None:
        async def begun() -> str:
            return scene.cases[0].walker.case_id

        case = await eventually(begun, within=60)
        spoiled.write_text(f"{how} {case}")

        async def dead() -> list[dict[str, object]]:
            sql = "SELECT * FROM inbox_messages WHERE state = 'dead' AND key = :key"
            return await scene.books.rows("research", sql, key=case)

        (letter,) = await eventually(dead, within=60)
        assert STORIES[how] in str(letter["error"])
        assert letter["attempts"] <= TRIES

        async def others_go_on() -> int:
            sql = "SELECT count(*) FROM reviews WHERE decided_at IS NOT NULL AND case_id <> :key"
            return await scene.books.number("research", sql, key=case)

        await eventually(others_go_on, equals=len(scene.cases) - 1, within=90)
        spoiled.write_text("")
        path = f"/research/api/v1/operations/dead/{letter['id']}/replay"
        await scene.cases[0].office.post(path, role=Role.PLATFORM_OPERATOR)

    outcome = await sqlite_place.run(
        seed=1,
        trouble=trouble,
        max_attempts=TRIES,
        switches={"spoiled": {"research:case.referred": str(spoiled)}, "handler_seconds": 0.5},
    )
    assert outcome.violations == []


async def test_a_full_disk_is_said_to_be_a_part_that_is_down_and_leaves_nothing_half_written(
    sqlite_place: Place,
) -> None:
    small = []

    async def trouble(scene: Scene) -> None:
        small.append(scene.stack.data.is_mount())
        await scene.after(15)
        await fill_disk(scene)

    outcome = await sqlite_place.run(seed=1, trouble=trouble)
    if not small[0]:
        pytest.skip("a file system of its own needs the right to mount one")
    assert outcome.violations == []
    assert outcome.statuses.get(503, 0) > 0
