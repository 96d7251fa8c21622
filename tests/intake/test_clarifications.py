"""A question of the applicant goes to the social researcher, who answers it once."""

from typing import Any

from shared.language.case_lifecycle import CaseStatus
from shared.language.clauses import Clause
from shared.language.events import ClarificationAnswered
from shared.language.roles import Role
from shared.plumbing.seal import unseal
from tests.intake.office import Office

QUESTION = {"question": "هل يلزم عقد إيجار موثق؟"}
ANSWER = {"answer": "لا يلزم.", "misconception_corrected": True}
RESEARCHER = {"role": Role.SOCIAL_RESEARCHER}


async def asked(office: Office, case: dict[str, Any]) -> str:
    return str((await office.step(case, "clarifications", QUESTION))["id"])


async def test_a_question_is_answered_and_moves_nothing(office: Office) -> None:
    case = await office.walk(to=CaseStatus.REFERRED)
    number = await asked(office, case)
    answered = await office.step(case, f"clarifications/{number}/answer", ANSWER, **RESEARCHER)
    assert (answered["question"], answered["answer"]) == (QUESTION["question"], ANSWER["answer"])
    assert (await office.now(case))["status"] == "referred"
    (told,) = await office.desk.told(ClarificationAnswered)
    assert isinstance(told, ClarificationAnswered)
    assert unseal(told.answer) == ANSWER["answer"]
    assert told.evidence() >= {Clause.STEP_CLARIFICATION, Clause.GOAL_TRUST_FACTS}


async def test_the_first_answer_stands(office: Office) -> None:
    case = await office.walk(to=CaseStatus.RECEIVED)
    path = f"clarifications/{await asked(office, case)}/answer"
    await office.step(case, path, ANSWER, **RESEARCHER)
    await office.refuse_step(case, path, ANSWER, status=409, code="already_answered", **RESEARCHER)


async def test_a_question_is_answered_even_when_the_case_has_ended(office: Office) -> None:
    case = await office.walk(to=CaseStatus.RECEIVED)
    path = f"clarifications/{await asked(office, case)}/answer"
    await office.step(case, "withdrawal")
    await office.step(case, path, ANSWER, **RESEARCHER)
    assert (await office.now(case))["status"] == "withdrawn"


async def test_a_question_of_another_case_is_not_found(office: Office) -> None:
    first, second = await office.walk(to=CaseStatus.RECEIVED), await office.walk(to=CaseStatus.RECEIVED)
    path = f"clarifications/{await asked(office, first)}/answer"
    await office.refuse_step(second, path, ANSWER, status=404, code="clarification_not_found", **RESEARCHER)


async def test_only_a_social_researcher_answers(office: Office) -> None:
    case = await office.walk(to=CaseStatus.RECEIVED)
    path = f"clarifications/{await asked(office, case)}/answer"
    await office.refuse_step(case, path, ANSWER, status=403, code="not_allowed")


async def test_an_empty_question_is_refused(office: Office) -> None:
    case = await office.walk(to=CaseStatus.RECEIVED)
    await office.refuse_step(case, "clarifications", {"question": ""}, status=422, code="malformed", field="question")


async def test_a_draft_takes_no_question(office: Office) -> None:
    case = await office.begin()
    await office.refuse_step(case, "clarifications", QUESTION, status=409, code="step_out_of_order")
