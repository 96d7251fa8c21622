"""Inside as outside: a department says how another one serves it (`goal.trust.all_departments`)."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from services.feedback.domain.base import FeedbackTable, malformed
from shared.language.errors import DepartmentUnknown
from shared.language.events import DepartmentEvaluated
from shared.plumbing.origin import new_id
from shared.plumbing.scope import scoped
from shared.plumbing.seal import SealedColumn
from shared.policy.pack import Pack


class Evaluation(FeedbackTable, table=True):
    """One department's word about another. It is the departments' matter: no person's name stands in it."""

    __tablename__ = "evaluations"
    __table_args__ = (Index("evaluations_page", "association_id", "id"), scoped())

    id: str = Field(default_factory=new_id, primary_key=True)
    association_id: str
    department_id: str
    by_department_id: str
    overall: int
    note: str | None = Field(default=None, sa_type=SealedColumn)
    evaluated_at: datetime

    def evaluate(self, *, pack: Pack) -> DepartmentEvaluated:
        """Tell it. Raises `DepartmentUnknown`, or `Malformed` where a department would evaluate itself."""
        for field, department in (("department_id", self.department_id), ("by_department_id", self.by_department_id)):
            if pack.department(department) is None:
                raise DepartmentUnknown(field=field, department=department)
        if self.department_id == self.by_department_id:
            raise malformed(
                "by_department_id",
                ar="لا تقيّم الإدارة نفسها",
                en="a department does not evaluate itself",
            )
        return DepartmentEvaluated(
            association_id=self.association_id,
            evaluation_id=self.id,
            department_id=self.department_id,
            by_department_id=self.by_department_id,
            overall=self.overall,
        )
