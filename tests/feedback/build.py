"""What the tests of feedback are made of: cases that ended, and people who answer."""

from typing import Any

import httpx

from shared.language.events import CaseClosed, CaseWithdrawn, Ending, SurveyInvited
from shared.plumbing.seal import unseal
from tests.harness.desk import ASSOCIATION, Desk

OTHER_ASSOCIATION = "kharj-dawah"
REPLY: dict[str, Any] = {
    "overall": 5,
    "ease": 4,
    "impression": 5,
    "respect": 3,
    "speed": 2,
    "comment": "جزاكم الله خيرًا",
}


def closed(
    case: str = "case-1",
    *,
    ending: Ending = Ending.SERVED,
    department: str = "sponsorship",
    association: str = ASSOCIATION,
) -> CaseClosed:
    return CaseClosed(
        association_id=association, case_id=case, reference=f"JMM-{case}", ending=ending, department_id=department
    )


def withdrawn(
    case: str = "case-1", *, department: str = "sponsorship", association: str = ASSOCIATION
) -> CaseWithdrawn:
    return CaseWithdrawn(association_id=association, case_id=case, reference=f"JMM-{case}", department_id=department)


async def invitations(desk: Desk) -> list[SurveyInvited]:
    return [event for event in await desk.told(SurveyInvited) if isinstance(event, SurveyInvited)]


async def code_of(desk: Desk, case: str = "case-1") -> str:
    """The code as it reaches the person's phone."""
    (invited,) = [event for event in await invitations(desk) if event.case_id == case]
    return unseal(invited.code)


async def answer(desk: Desk, case: str = "case-1", **ratings: Any) -> httpx.Response:
    code = await code_of(desk, case)
    return await desk.call("POST", f"/api/v1/public/surveys/{code}", body=REPLY | ratings)


async def serve_and_answer(desk: Desk, *cases: str, department: str = "sponsorship", **ratings: Any) -> None:
    """Each case is served by `department`, and its applicant says how it was."""
    for case in cases:
        await desk.hear(closed(case, department=department))
        assert (await answer(desk, case, **ratings)).status_code == 201
