"""What the body keeps of a person: under his key, shown to him when it may be told, and gone when he is erased."""

from typing import Any

from sqlalchemy import text

from shared.language.events import PersonErased
from shared.language.roles import Role
from shared.plumbing.scope import EVERYTHING
from shared.plumbing.seal import ERASED, seal
from shared.plumbing.vault import VAULT
from tests.harness.desk import ASSOCIATION, NOON, Desk
from tests.research.body import Body

SUBJECT = "person-1"
FILE = '{"applicant_name": "نورة الحربي"}'
HELD = f"/api/v1/personal/people/{SUBJECT}"


async def take_up(body: Body) -> None:
    VAULT.make(SUBJECT, now=NOON)
    referral = body.referral().model_copy(update={"subject_id": SUBJECT, "file": seal(FILE, subject=SUBJECT)})
    await body.desk.hear(referral)
    assert await body.desk.dead() == []


async def raw(desk: Desk, query: str) -> list[Any]:
    async with desk.runtime.database.read(scope=EVERYTHING) as session:
        return list((await (await session.connection()).execute(text(query))).scalars())


async def held(desk: Desk) -> list[dict[str, Any]]:
    answer = await desk.call("GET", HELD, role=Role.ASSOCIATION_ADMINISTRATOR)
    items: list[dict[str, Any]] = [] if answer.status_code == 404 else answer.json()["items"]
    return items


async def test_the_words_of_the_body_about_a_person_are_his(research: Desk) -> None:
    body = Body(research)
    await take_up(body)
    await body.study()
    await body.vote("accepted", "accepted", "accepted")
    await body.decide()
    kept = await raw(research, "SELECT reason FROM votes UNION ALL SELECT file FROM reviews")
    kept += await raw(research, "SELECT findings FROM reviews UNION ALL SELECT reason FROM reviews")
    assert {one[: len(f"p1.{SUBJECT}.")] for one in kept} == {f"p1.{SUBJECT}."}


async def test_a_verdict_that_waits_for_its_day_is_not_told_by_way_of_his_right_to_see(research: Desk) -> None:
    body = Body(research)
    await take_up(body)
    await body.study()
    assert [item["table"] for item in await held(research)] == ["reviews"]
    await body.vote("accepted", "accepted", "accepted")
    await body.decide()
    assert await held(research) == []
    research.clock.at = NOON.replace(month=12, day=20)
    await research.settle()
    assert {item["table"] for item in await held(research)} == {"reviews", "votes"}


async def test_once_he_is_erased_the_file_shows_that_it_was_and_no_more(research: Desk) -> None:
    body = Body(research)
    await take_up(body)
    await body.study()
    VAULT.destroy(SUBJECT, now=NOON)
    review = await body.call("GET", "review", Role.AUDITOR)
    assert (review.json()["file"], review.json()["findings"]) == (ERASED, ERASED)
    await research.hear(PersonErased(association_id=ASSOCIATION, subject_id=SUBJECT, case_ids=("case-1",)))
    assert await research.dead() == []
    assert await raw(research, "SELECT file FROM reviews UNION ALL SELECT findings FROM reviews") == ["e1", "e1"]
