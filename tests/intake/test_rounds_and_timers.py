"""Returned, appealed, withdrawn, left incomplete: the side ways of a case, and what comes when its time comes."""

from datetime import datetime, timedelta

import pytest

from shared.language.case_lifecycle import CaseStatus
from shared.language.events import BenefitFollowUpDue, CaseAppealed, CaseExpired, CaseReferred, CaseWithdrawn, Outcome
from tests.intake.office import Office, hear_itself

S = CaseStatus
SIXTY_DAYS = timedelta(days=60)
MOMENT = timedelta(seconds=1)


async def test_a_request_that_stays_incomplete_too_long_expires(office: Office) -> None:
    case = await office.walk(to=S.INCOMPLETE)
    office.desk.clock.forward(SIXTY_DAYS - MOMENT)
    await office.desk.settle()
    assert (await office.now(case))["status"] == "incomplete"
    office.desk.clock.forward(MOMENT)
    await office.desk.settle()
    assert (await office.now(case))["status"] == "expired"
    assert len(await office.desk.told(CaseExpired)) == 1


async def test_checking_again_does_not_put_the_day_off(office: Office) -> None:
    case = await office.walk(to=S.INCOMPLETE)
    office.desk.clock.forward(timedelta(days=59))
    await office.step(case, "check")
    office.desk.clock.forward(timedelta(days=1))
    await office.desk.settle()
    assert (await office.now(case))["status"] == "expired"


async def test_a_request_that_was_completed_in_time_does_not_expire(office: Office) -> None:
    case = await office.walk(to=S.COMPLETE)
    office.desk.clock.forward(SIXTY_DAYS * 2)
    await office.desk.settle()
    assert (await office.now(case))["status"] == "complete"
    assert await office.desk.told(CaseExpired) == []


async def test_a_request_that_became_incomplete_anew_has_its_days_anew(office: Office) -> None:
    case = await office.walk(to=S.COMPLETE)
    office.desk.clock.forward(timedelta(days=90))  # the income statement counts ninety days
    office.desk.clock.forward(timedelta(days=1))
    assert (await office.step(case, "check"))["status"] == "incomplete"
    office.desk.clock.forward(SIXTY_DAYS - MOMENT)
    await office.desk.settle()
    assert (await office.now(case))["status"] == "incomplete"
    office.desk.clock.forward(MOMENT)
    await office.desk.settle()
    assert (await office.now(case))["status"] == "expired"


async def test_a_returned_request_has_its_days_from_the_return(office: Office) -> None:
    case = await office.walk(to=S.REFERRED)
    office.desk.clock.forward(timedelta(days=30))
    await office.hear_body(office.returned(case, "income_statement"))
    office.desk.clock.forward(SIXTY_DAYS)
    await office.desk.settle()
    assert (await office.now(case))["status"] == "expired"


async def test_the_benefit_is_asked_for_once_when_its_day_comes(office: Office) -> None:
    await office.walk(to=S.DELIVERED)
    office.desk.clock.forward(timedelta(days=office.service.follow_up_days) - MOMENT)
    await office.desk.settle()
    assert await office.desk.told(BenefitFollowUpDue) == []
    office.desk.clock.forward(MOMENT)
    await office.desk.settle()
    office.desk.clock.forward(timedelta(days=365))
    await office.desk.settle()
    assert len(await office.desk.told(BenefitFollowUpDue)) == 1


@pytest.mark.parametrize("path", ["benefit", "closing"])
async def test_the_benefit_is_not_asked_for_once_it_is_known_or_the_file_closed(office: Office, path: str) -> None:
    case = await office.walk(to=S.DELIVERED)
    await office.step(case, path, {"useful": True, "note": "انتفع"} if path == "benefit" else None)
    office.desk.clock.forward(timedelta(days=365))
    await office.desk.settle()
    assert await office.desk.told(BenefitFollowUpDue) == []


async def test_papers_that_the_body_asked_for_have_to_be_newer_than_its_return(office: Office) -> None:
    case = await office.walk(to=S.REFERRED)
    await office.hear_body(office.studied(case), office.returned(case, "income_statement", "lease"))
    assert (await office.now(case))["status"] == "incomplete"
    assert (await office.now(case))["missing"] == ["income_statement", "lease"]

    office.desk.clock.forward(timedelta(hours=1))
    assert (await office.step(case, "check"))["missing"] == ["income_statement", "lease"]
    await office.step(case, "documents", office.paper("income_statement"))
    assert (await office.step(case, "check"))["missing"] == ["lease"]
    await office.step(case, "documents", office.paper("lease"))
    assert (await office.step(case, "check"))["status"] == "complete"

    await office.refuse_step(case, "referral", status=409, code="attestation_missing", clause="step.attestation")
    await office.step(case, "attestation", office.signature())
    assert (await office.step(case, "referral"))["round"] == 2


async def test_an_appeal_begins_a_second_round_and_its_floor_anew(office: Office) -> None:
    case = await office.walk(to=S.ANSWERED, outcome=Outcome.REJECTED)
    office.desk.clock.forward(timedelta(days=20))
    appealed = await office.step(case, "appeal", {"grounds": "تغيّر دخل الأسرة"})
    assert (appealed["status"], appealed["round"], appealed["outcome"]) == ("referred", 2, None)
    (told,) = await office.desk.told(CaseAppealed)
    assert isinstance(told, CaseAppealed)
    assert (told.round, told.referred_at) == (2, office.desk.clock.now())
    assert told.answer_not_before - told.referred_at == timedelta(days=14)
    assert datetime.fromisoformat(appealed["answer_not_before"]) == told.answer_not_before

    office.desk.clock.forward(timedelta(days=14))
    await office.hear_body(
        office.studied(case, round_=2),
        office.decided(case, round_=2),
        office.answered(case, round_=2, outcome=Outcome.ACCEPTED),
    )
    assert (await office.step(case, "registration"))["status"] == "registered"
    assert len(await office.desk.told(CaseReferred)) == 1


async def test_a_rejected_case_is_closed_without_an_appeal(office: Office) -> None:
    case = await office.walk(to=S.ANSWERED, outcome=Outcome.REJECTED)
    assert (await office.step(case, "closing"))["status"] == "closed"


@pytest.mark.parametrize("at", [S.DRAFT, S.RECEIVED, S.INCOMPLETE, S.COMPLETE, S.ATTESTED, S.REFERRED, S.DECIDED,
                                S.ANSWERED, S.REGISTERED])  # fmt: skip
async def test_a_request_is_taken_back_at_any_time_before_delivery(office: Office, at: CaseStatus) -> None:
    case = await office.walk(to=at)
    withdrawn = await office.step(case, "withdrawal")
    assert (withdrawn["status"], withdrawn["ended_at"] is not None) == ("withdrawn", True)
    office.desk.clock.forward(timedelta(days=400))
    await office.desk.settle()
    assert (await office.now(case))["status"] == "withdrawn"
    assert len(await office.desk.told(CaseWithdrawn)) == 1


async def test_a_withdrawal_that_crosses_the_bodys_words_stands(office: Office) -> None:
    case = await office.walk(to=S.REFERRED)
    await office.step(case, "withdrawal")
    await office.hear_body(office.studied(case), office.decided(case), office.answered(case, outcome=Outcome.ACCEPTED))
    shown = await office.now(case)
    assert (shown["status"], shown["outcome"], shown["answered_at"]) == ("withdrawn", None, None)


async def test_a_withdrawal_that_crosses_a_return_stands(office: Office) -> None:
    case = await office.walk(to=S.REFERRED)
    await office.step(case, "withdrawal")
    await office.hear_body(office.returned(case, "income_statement"))
    office.desk.clock.forward(SIXTY_DAYS * 2)
    await office.desk.settle()
    shown = await office.now(case)
    assert (shown["status"], shown["missing"]) == ("withdrawn", [])


async def test_a_word_of_the_body_that_has_no_place_is_kept_as_dead_and_moves_nothing(office: Office) -> None:
    case = await office.walk(to=S.RECEIVED)
    await office.desk.hear(office.answered(case, outcome=Outcome.ACCEPTED))
    (reason,) = await office.desk.dead()
    assert "StepOutOfOrder" in reason
    assert (await office.now(case))["status"] == "received"


async def test_hearing_its_own_facts_twice_changes_nothing(office: Office) -> None:
    case = await office.walk(to=S.REFERRED)
    await hear_itself(office.desk)
    before = await office.get(f"/api/v1/cases/{case['id']}/timeline")
    await hear_itself(office.desk)
    assert await office.get(f"/api/v1/cases/{case['id']}/timeline") == before
