"""Who may decide, with how many votes, and before whom an appeal comes."""

import pytest

from shared.language.events import CaseAnswered, CaseAppealed, CaseDecided, CaseReturned, Outcome
from shared.language.roles import Role
from tests.research.body import CHAIR, RESEARCHER, Body, ballot

MEMBER, CHAIRS, DECIDER = Role.COMMITTEE_MEMBER, Role.COMMITTEE_CHAIR, Role.DEPARTMENT_DECIDER
CLOSING = {"reason": "بالأغلبية"}


@pytest.fixture
async def studied(committee: Body) -> Body:
    """A case before the committee, with its study."""
    await committee.take_up()
    await committee.study()
    return committee


async def test_fewer_votes_than_the_quorum_decide_nothing(studied: Body) -> None:
    await studied.vote("accepted", "accepted")
    await studied.refuse("committee-decision", CLOSING, CHAIRS, status=409, code="quorum_not_reached")
    await studied.vote("accepted", first=2)
    assert (await studied.decide())["verdict"] == "accepted"


async def test_a_tie_waits_for_one_more_vote(studied: Body) -> None:
    await studied.vote("accepted", "rejected", "accepted", "rejected")
    await studied.refuse("committee-decision", CLOSING, CHAIRS, status=409, code="votes_tied")
    await studied.vote("rejected", first=4)
    assert (await studied.decide())["verdict"] == "rejected"


async def test_three_ways_that_are_level_are_a_tie_too(studied: Body) -> None:
    await studied.vote("accepted", "rejected", "returned")
    await studied.refuse("committee-decision", CLOSING, CHAIRS, status=409, code="votes_tied")


async def test_a_return_by_the_majority_says_what_is_missing_and_answers_nothing(studied: Body) -> None:
    await studied.vote("returned", "returned", "accepted")
    body = CLOSING | {"missing": ["income_statement"]}
    assert (await studied.post("committee-decision", body, CHAIRS))["status"] == "returned"
    (returned,) = await studied.desk.told(CaseReturned)
    assert isinstance(returned, CaseReturned)
    assert returned.missing == ("income_statement",)
    assert await studied.desk.told(CaseDecided, CaseAnswered) == []


async def test_a_return_that_asks_for_nothing_is_refused(studied: Body) -> None:
    await studied.vote("returned", "returned", "returned")
    await studied.refuse("committee-decision", CLOSING, CHAIRS, status=422, code="malformed", field="missing")


async def test_nobody_votes_twice(studied: Body) -> None:
    await studied.vote("accepted")
    await studied.refuse("votes", ballot("rejected"), MEMBER, "member-0", status=409, code="already_voted")


@pytest.mark.parametrize("role", [MEMBER, CHAIRS])
async def test_whoever_studied_the_case_does_not_vote_on_it(studied: Body, role: Role) -> None:
    await studied.refuse("votes", ballot("accepted"), role, RESEARCHER, status=403, code="not_impartial")


async def test_whoever_studied_the_case_does_not_close_the_vote(studied: Body) -> None:
    await studied.vote("accepted", "accepted", "accepted")
    await studied.refuse("committee-decision", CLOSING, CHAIRS, RESEARCHER, status=403, code="not_impartial")


async def test_the_chair_may_vote(studied: Body) -> None:
    await studied.vote("accepted", "accepted")
    await studied.post("votes", ballot("accepted"), CHAIRS, CHAIR)
    assert (await studied.decide())["status"] == "decided"


async def test_no_vote_before_the_study(committee: Body) -> None:
    await committee.take_up()
    await committee.refuse(
        "votes", ballot("accepted"), MEMBER, status=409, code="study_missing", clause="eligibility.verification"
    )


async def test_a_case_has_one_study_a_round(studied: Body) -> None:
    findings = {"findings": "زيارة ثانية"}
    await studied.refuse("study", findings, Role.SOCIAL_RESEARCHER, "other", status=409, code="already_studied")


async def test_nothing_is_added_to_a_review_that_has_ended(studied: Body) -> None:
    await studied.vote("accepted", "accepted", "accepted")
    await studied.decide()
    ended = {"status": 409, "code": "review_ended"}
    await studied.refuse("votes", ballot("rejected"), MEMBER, "member-9", **ended)
    await studied.refuse("committee-decision", CLOSING, CHAIRS, **ended)
    await studied.refuse("study", {"findings": "متأخرة"}, Role.SOCIAL_RESEARCHER, **ended)


async def test_a_department_does_not_decide_a_committees_case(studied: Body) -> None:
    await studied.refuse("department-decision", ballot("accepted"), DECIDER, status=409, code="wrong_reviewing_body")


async def test_a_committee_does_not_decide_a_departments_case(department: Body) -> None:
    await department.take_up()
    await department.study()
    wrong = {"status": 409, "code": "wrong_reviewing_body"}
    await department.refuse("votes", ballot("accepted"), MEMBER, **wrong)
    await department.refuse("committee-decision", CLOSING, CHAIRS, **wrong)


async def test_a_department_without_a_floor_answers_at_the_moment_of_its_decision(department: Body) -> None:
    await department.take_up()
    await department.study()
    assert (await department.rule("accepted"))["status"] == "answered"
    decided, answered = await department.desk.told(CaseDecided, CaseAnswered)
    assert isinstance(decided, CaseDecided)
    assert isinstance(answered, CaseAnswered)
    assert (answered.outcome, answered.floor_days) == (Outcome.ACCEPTED, 0)
    assert answered.answered_at == decided.held_until == department.desk.clock.now()


async def test_whoever_studied_the_case_does_not_decide_it_for_the_department(department: Body) -> None:
    await department.take_up()
    await department.study()
    await department.refuse(
        "department-decision", ballot("accepted"), DECIDER, RESEARCHER, status=403, code="not_impartial"
    )


async def test_an_appeal_is_decided_by_members_who_did_not_reject_it(committee: Body) -> None:
    await committee.reject(members=3)
    await committee.take_up(CaseAppealed, round_=2)
    await committee.study("researcher-2")
    for member in ("member-0", "member-1", "member-2"):
        await committee.refuse("votes", ballot("accepted"), MEMBER, member, status=403, code="not_impartial")
    await committee.vote("accepted", "accepted", "accepted", first=3)
    decided = await committee.decide()
    assert (decided["round"], decided["verdict"]) == (2, "accepted")


async def test_a_member_who_had_voted_for_the_applicant_votes_on_his_appeal(committee: Body) -> None:
    await committee.take_up()
    await committee.study()
    await committee.vote("accepted", "rejected", "rejected")
    await committee.decide()
    await committee.take_up(CaseAppealed, round_=2)
    await committee.study()
    await committee.vote("accepted")


async def test_an_appeal_to_a_department_is_decided_by_another(department: Body) -> None:
    await department.reject()
    await department.take_up(CaseAppealed, round_=2)
    await department.study()
    await department.refuse(
        "department-decision", ballot("rejected"), DECIDER, "decider-1", status=403, code="not_impartial"
    )
    assert (await department.rule("accepted", "decider-2"))["status"] == "answered"


async def test_the_department_that_returned_a_case_decides_it_when_it_comes_back(department: Body) -> None:
    await department.take_up()
    await department.study()
    assert (await department.rule("returned"))["status"] == "returned"
    await department.take_up(round_=2)
    await department.study()
    assert (await department.rule("accepted"))["status"] == "answered"


async def test_the_floor_of_an_appeal_begins_anew(committee: Body) -> None:
    await committee.reject()
    assert len(await committee.desk.told(CaseAnswered)) == 1
    await committee.take_up(CaseAppealed, round_=2)
    await committee.study()
    await committee.vote("accepted", "accepted", "accepted", first=3)
    assert (await committee.decide())["status"] == "decided"
    await committee.desk.settle()
    assert len(await committee.desk.told(CaseAnswered)) == 1


async def test_a_referral_that_comes_again_begins_nothing(committee: Body) -> None:
    await committee.take_up()
    await committee.study()
    await committee.take_up()
    shown = await committee.call("GET", "review", Role.AUDITOR)
    assert (shown.json()["round"], shown.json()["status"]) == (1, "studied")
