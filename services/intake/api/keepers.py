"""Open cases that nobody keeps, and several of them given to somebody in one act."""

from typing import Annotated

from fastapi import Query
from pydantic import Field

from services.intake.api.transfers import MANAGERS
from services.intake.api.views import Body, CasePage, CaseView, Code, Text, shown
from services.intake.store.keepers import unkept_cases
from services.intake.use_cases.transfer_case import AssignCases, assign_together
from shared.language import errors
from shared.plumbing.doors import Now, Session, allow, api_router, refuses
from shared.plumbing.identity import Principal
from shared.policy.adopted import pack_of

router = api_router(tag="transfers")

AT_ONCE = 200


class NewAssignments(Body):
    """Which cases, who keeps them from now on, and why."""

    model_config = shown({"case_ids": ["01a1"], "person_id": "delegate-2", "reason": "انتقل زميله إلى فرع آخر."})

    case_ids: Annotated[list[Code], Field(min_length=1, max_length=AT_ONCE)]
    person_id: Code
    reason: Text


@router.get("/caseload/unkept", summary="The open cases that nobody keeps, a page at a time")
async def list_unkept(
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(*MANAGERS)],
    after: Annotated[str, Query(max_length=50)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> CasePage:
    """Given to none yet, or to somebody who sits there no longer: his seat ended, or his account is closed."""
    cases = await unkept_cases(
        session, scope=who.scope, pack=pack_of(who.association_id), now=now, after=after, limit=limit
    )
    items = [CaseView.model_validate(case) for case in cases]
    return CasePage(items=items, next=cases[-1].id if len(cases) == limit else None)


@router.post("/assignments", summary="Say who of the branch keeps these cases: all of them, or none")
@refuses(errors.CaseNotFound, errors.NotHandedIn, errors.StepOutOfOrder, errors.AlreadyThere, errors.NoSeatThere)
async def post_assignments(
    new: NewAssignments, session: Session, now: Now, who: Annotated[Principal, allow(*MANAGERS)]
) -> list[CaseView]:
    command = AssignCases(case_ids=tuple(new.case_ids), person_id=new.person_id, reason=new.reason, by=who)
    return [CaseView.model_validate(case) for case in await assign_together(command, session=session, now=now)]
