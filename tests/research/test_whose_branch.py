"""A case that moves to another branch moves with all its rounds; what comes up later names the branch it has then."""

from sqlmodel import select

from services.research.domain import Review
from shared.language.events import CaseAppealed, CaseTransferred
from shared.language.roles import Role
from shared.plumbing.scope import EVERYTHING
from tests.research.body import RESEARCHER, Body


def moved(body: Body, *, to: str) -> CaseTransferred:
    reference = f"{body.pack.association.code}-2026-000001"
    return CaseTransferred(
        association_id=body.pack.id, case_id=body.case, reference=reference, from_branch="hada_sham", to_branch=to
    )


async def branches(body: Body) -> list[str]:
    async with body.desk.runtime.database.read(scope=EVERYTHING) as session:
        query = select(Review.branch_id).where(Review.case_id == body.case).order_by(Review.round)
        return list((await session.exec(query)).all())


async def test_every_round_follows_the_case_and_the_work_goes_on(committee: Body) -> None:
    await committee.reject()
    await committee.take_up(CaseAppealed, round_=2)
    assert await branches(committee) == ["hada_sham", "hada_sham"]
    await committee.desk.hear(moved(committee, to="ayn_shams"))
    assert await committee.desk.dead() == []
    assert await branches(committee) == ["ayn_shams", "ayn_shams"]
    await committee.study("researcher-2")
    shown = await committee.call("GET", "review", Role.SOCIAL_RESEARCHER, RESEARCHER)
    assert (shown.json()["branch_id"], shown.json()["status"]) == ("ayn_shams", "studied")


async def test_a_case_that_has_not_come_up_yet_leaves_nothing_behind(committee: Body) -> None:
    await committee.desk.hear(moved(committee, to="ayn_shams"))
    assert await committee.desk.dead() == []
    assert await branches(committee) == []
