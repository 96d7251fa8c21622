"""Every query of feedback. What a person asks for is his own association's, always."""

from typing import Any, TypeVar

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.feedback.domain.evaluation import Evaluation
from services.feedback.domain.improvement import Improvement
from services.feedback.domain.relations import Relation, RelationKind
from services.feedback.domain.satisfaction import QUESTIONS, Period, Tally
from services.feedback.domain.survey import Invitation, SurveyAnswer, index_of_code
from shared.language.errors import ImprovementNotFound, RelationNotFound, SurveyNotFound
from shared.language.events import Ending
from shared.plumbing.identity import Scope
from shared.plumbing.scope import EVERYTHING
from shared.plumbing.scoped_session import set_scope

Paged = TypeVar("Paged", SurveyAnswer, Relation, Evaluation, Improvement)


async def find_invitation(session: AsyncSession, case_id: str) -> Invitation | None:
    """The case's invitation, for events, which carry no scope."""
    return (await session.exec(select(Invitation).where(Invitation.case_id == case_id))).first()


async def invitation_by_code(session: AsyncSession, code: str) -> Invitation:
    """The invitation that the code opens, held for change. Raises `SurveyNotFound`."""
    # The code leads to one row, and whose it is comes to light with it; what follows keeps to that row and its answer.
    await set_scope(session, EVERYTHING)
    query = select(Invitation).where(Invitation.code_index == index_of_code(code))
    invitation = (await session.exec(query.with_for_update())).first()
    if invitation is None:
        raise SurveyNotFound
    return invitation


async def get_complaint(session: AsyncSession, relation_id: str, *, scope: Scope) -> Relation:
    """The complaint, held for change. Raises `RelationNotFound`."""
    query = select(Relation).where(
        Relation.id == relation_id,
        Relation.association_id == scope.association_id,
        Relation.kind == RelationKind.COMPLAINT,
    )
    complaint = (await session.exec(query.with_for_update())).first()
    if complaint is None:
        raise RelationNotFound
    return complaint


async def open_complaints_of(session: AsyncSession, subject_id: str) -> list[Relation]:
    """What a person complained of and nobody has answered, held for change: for an event."""
    query = select(Relation).where(
        Relation.subject_id == subject_id,
        Relation.kind == RelationKind.COMPLAINT,
        col(Relation.resolved_at).is_(None),
    )
    return list((await session.exec(query.with_for_update())).all())


async def get_relation(session: AsyncSession, relation_id: str, *, scope: Scope) -> Relation:
    """A complaint or suggestion, held for change. Raises `RelationNotFound`."""
    query = select(Relation).where(Relation.id == relation_id, Relation.association_id == scope.association_id)
    if (relation := (await session.exec(query.with_for_update())).first()) is None:
        raise RelationNotFound
    return relation


async def get_improvement(session: AsyncSession, improvement_id: str, *, scope: Scope) -> Improvement:
    """The improvement, held for change. Raises `ImprovementNotFound`."""
    query = select(Improvement).where(
        Improvement.id == improvement_id, Improvement.association_id == scope.association_id
    )
    improvement = (await session.exec(query.with_for_update())).first()
    if improvement is None:
        raise ImprovementNotFound
    return improvement


async def list_relations(
    session: AsyncSession, kind: RelationKind, *, scope: Scope, after: str, limit: int, sensitive_alone: bool = False
) -> list[Relation]:
    """A page of complaints or of suggestions, oldest first; of the sensitive ones where they alone are wanted."""
    query = select(Relation).where(
        Relation.association_id == scope.association_id, Relation.kind == kind, Relation.id > after
    )
    if sensitive_alone:
        query = query.where(col(Relation.sensitive).is_(True))
    return list((await session.exec(query.order_by(Relation.id).limit(limit))).all())


async def list_page(session: AsyncSession, kind: type[Paged], *, scope: Scope, after: str, limit: int) -> list[Paged]:
    """A page of the association's rows of one kind, by id."""
    query = select(kind).where(col(kind.association_id) == scope.association_id, col(kind.id) > after)
    return list((await session.exec(query.order_by(col(kind.id)).limit(limit))).all())


async def count_answers(session: AsyncSession, *, scope: Scope) -> int:
    query = select(func.count()).select_from(SurveyAnswer).where(SurveyAnswer.association_id == scope.association_id)
    return (await session.exec(query)).one()


async def tallies_of(session: AsyncSession, period: Period, *, scope: Scope) -> list[Tally]:
    """What the period's invitations and answers add up to, by department and ending."""
    asked = (
        select(Invitation.department_id, Invitation.ending, func.count(), func.count(col(Invitation.answered_at)))
        .where(
            Invitation.association_id == scope.association_id,
            Invitation.invited_at >= period.begins_at,
            Invitation.invited_at < period.ends_before,
        )
        .group_by(col(Invitation.department_id), col(Invitation.ending))
    )
    sums = [func.sum(getattr(SurveyAnswer, question)) for question in QUESTIONS]
    said = (
        select(SurveyAnswer.department_id, SurveyAnswer.ending, func.count(), *sums)
        .where(
            SurveyAnswer.association_id == scope.association_id,
            SurveyAnswer.answered_on >= period.first,
            SurveyAnswer.answered_on <= period.last,
        )
        .group_by(col(SurveyAnswer.department_id), col(SurveyAnswer.ending))
    )
    invited = [
        Tally(department_id=department, ending=Ending(ending), invitations=invitations, replies=replies)
        for department, ending, invitations, replies in (await session.exec(asked)).all()
    ]
    answered = [
        Tally(department_id=row[0], ending=Ending(row[1]), answers=row[2], sums=tuple(int(total) for total in row[3:]))
        for row in map(tuple[Any, ...], (await session.exec(said)).all())
    ]
    return [*invited, *answered]
