"""One department says how another, on which it depends, serves it."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.feedback.domain.evaluation import Evaluation
from shared.language.events import Rating
from shared.plumbing import outbox
from shared.plumbing.identity import Principal
from shared.policy.adopted import pack_of


class EvaluateDepartment(BaseModel):
    """Evaluate a department in the name of another."""

    model_config = ConfigDict(frozen=True)

    department_id: str
    by_department_id: str
    overall: Rating
    note: str | None = None
    by: Principal


async def evaluate_department(command: EvaluateDepartment, *, session: AsyncSession, now: datetime) -> Evaluation:
    """Evaluate. Raises `DepartmentUnknown` or `Malformed`."""
    pack = pack_of(command.by.association_id)
    evaluation = Evaluation(
        association_id=pack.id,
        department_id=command.department_id,
        by_department_id=command.by_department_id,
        overall=command.overall,
        note=command.note or None,
        evaluated_at=now,
    )
    evaluated = evaluation.evaluate(pack=pack)
    session.add(evaluation)
    await outbox.tell(session, evaluated, at=now)
    return evaluation
