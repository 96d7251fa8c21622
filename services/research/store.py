"""Every query of research."""

from sqlalchemy import update
from sqlalchemy.orm import defer
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from services.research.domain import Review, ReviewStatus, Verdict, Vote
from shared.language.clauses import ReviewingBody
from shared.language.errors import ReviewNotFound
from shared.language.incompatible import Act
from shared.plumbing.identity import Scope


async def get_review(session: AsyncSession, case_id: str, *, scope: Scope) -> Review:
    """The case's last round, held for change. Raises `ReviewNotFound`, also for one that is not his to see."""
    return _in_scope(await find_review(session, case_id), scope)


async def see_review(session: AsyncSession, case_id: str, *, scope: Scope) -> Review:
    """The case's last round to be shown; whoever changes it meanwhile does not wait. Raises as `get_review`."""
    return _in_scope((await session.exec(_last_round(case_id))).first(), scope)


def _in_scope(review: Review | None, scope: Scope) -> Review:
    if review is None or not scope.holds(association_id=review.association_id, branch_id=review.branch_id):
        raise ReviewNotFound
    return review


async def find_review(session: AsyncSession, case_id: str) -> Review | None:
    """The case's last round, whoever asks: for events, which carry no scope."""
    return (await session.exec(_last_round(case_id).with_for_update())).first()


def _last_round(case_id: str) -> SelectOfScalar[Review]:
    return select(Review).where(Review.case_id == case_id).order_by(col(Review.round).desc()).limit(1)


async def rounds_of(session: AsyncSession, case_id: str) -> list[str]:
    """The ids of the case's rounds: what their timers are named after."""
    return list((await session.exec(select(Review.id).where(Review.case_id == case_id))).all())


async def move_rounds(session: AsyncSession, case_id: str, *, to_branch: str) -> None:
    """All rounds of a case are that branch's now: for events, which carry no scope."""
    moved = update(Review).where(col(Review.case_id) == case_id).values(branch_id=to_branch)
    await session.exec(moved.execution_options(synchronize_session=False))


async def get_round(session: AsyncSession, review_id: str) -> Review | None:
    return (await session.exec(select(Review).where(Review.id == review_id).with_for_update())).first()


async def list_reviews(
    session: AsyncSession, *, scope: Scope, status: ReviewStatus | None, after: str, limit: int
) -> list[Review]:
    """A page of the body's work, oldest first."""
    query = select(Review).where(Review.association_id == scope.association_id, Review.id > after)
    if status is not None:
        query = query.where(Review.status == status)
    return list((await session.exec(query.order_by(Review.id).limit(limit))).all())


async def votes_on(session: AsyncSession, review_id: str) -> list[Vote]:
    return list((await session.exec(select(Vote).where(Vote.review_id == review_id).order_by(Vote.id))).all())


UNOPENED = tuple(defer(column) for column in (col(Review.file), col(Review.findings), col(Review.reason)))  # type: ignore[arg-type]


async def done_by(session: AsyncSession, review: Review) -> dict[Act, set[str]]:
    """Who did what to the case that speaks against his deciding it: took it, studied it in any round, rejected it."""
    took, studied, rejected = set[str](), set[str](), set[str]()
    # Not the sealed texts of each round: opening them takes longer than all of this.
    rounds = select(Review).options(*UNOPENED).where(Review.case_id == review.case_id)
    for round_ in await session.exec(rounds):
        took |= {*round_.handled_by}
        studied |= {round_.studied_by} if round_.studied_by else set()
        by_department = round_.reviewing_body is ReviewingBody.DEPARTMENT and round_.verdict is Verdict.REJECTED
        if round_.round < review.round and by_department and round_.decided_by:
            rejected.add(round_.decided_by)
    voted = (
        select(Vote.person_id)
        .join(Review, col(Review.id) == col(Vote.review_id))
        .where(Review.case_id == review.case_id, Review.round < review.round, Vote.verdict == Verdict.REJECTED)
    )
    rejected |= {*(await session.exec(voted)).all()}
    return {Act.TAKE: took, Act.STUDY: studied, Act.REJECT: rejected}
