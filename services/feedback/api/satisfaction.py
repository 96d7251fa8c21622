"""How satisfied people were over a period, by department and by how it ended."""

from datetime import date
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from services.feedback import store
from services.feedback.domain.satisfaction import Period, all_together, by_department, by_ending
from shared.language.events import Ending
from shared.language.roles import Role
from shared.plumbing.audit import figures_only
from shared.plumbing.doors import Now, Session, allow, api_router
from shared.plumbing.identity import Principal

router = api_router(tag="satisfaction")

READERS = (Role.QUALITY_OFFICER, Role.AUDITOR, Role.ASSOCIATION_ADMINISTRATOR, Role.BRANCH_MANAGER)

Day = Annotated[date, Query(ge=date(2000, 1, 1), le=date(2999, 12, 31))]


class Averages(BaseModel):
    """Means from 1 to 5; all null where the answers are too few to be told without telling who."""

    overall: float | None
    ease: float | None
    impression: float | None
    respect: float | None
    speed: float | None


class Measured(BaseModel):
    """How it was. `response_rate` is the share of the period's invitations that has been answered by now."""

    model_config = ConfigDict(from_attributes=True)

    invitations: int = Field(description="Sent in the period.")
    answers: int = Field(description="Given in the period.")
    response_rate: float | None
    averages: Averages


class DepartmentMeasured(Measured):
    """How it was with one department."""

    department_id: str = Field(validation_alias="name")


class EndingMeasured(Measured):
    """How it was for those whose requests ended in one way."""

    ending: Ending = Field(validation_alias="name")


class Satisfaction(BaseModel):
    """Satisfaction over whole days in Riyadh, `first` and `last` among them."""

    first: date
    last: date
    overall: Measured
    departments: list[DepartmentMeasured]
    endings: list[EndingMeasured]


@router.get("/satisfaction", summary="Satisfaction over a period: the last 90 days unless others are named")
@figures_only
async def show_satisfaction(
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(*READERS)],
    first: Annotated[Day | None, Query(alias="from")] = None,
    last: Annotated[Day | None, Query(alias="to")] = None,
) -> Satisfaction:
    """Fewer than three answers show no averages, nor does a group that would give a smaller one away."""
    period = Period.of(first, last, now=now)
    tallies = await store.tallies_of(session, period, scope=who.scope)
    return Satisfaction(
        first=period.first,
        last=period.last,
        overall=Measured.model_validate(all_together(tallies)),
        departments=[DepartmentMeasured.model_validate(group) for group in by_department(tallies)],
        endings=[EndingMeasured.model_validate(group) for group in by_ending(tallies)],
    )
