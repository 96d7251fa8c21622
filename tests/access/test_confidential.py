"""A confidential case is seen by those named on it, in every service; an auditor sees that there is one."""

from typing import Any
from urllib.parse import urlencode

import pytest

from shared.language.events import CaseMadeConfidential, CaseMadeOpen
from shared.language.roles import Role
from shared.plumbing.audit.reading import CONFIDENTIAL
from tests.contracts.problem import everything_written, refused
from tests.feedback.build import answer, closed
from tests.harness.desk import ASSOCIATION, Desk
from tests.intake.office import MOBILE, NAME, NATIONAL_ID, OTHER_NATIONAL_ID, Office
from tests.intake.register.desk import register_id
from tests.notifications import facts
from tests.research.body import RESEARCHER, Body

BRANCH = "hada_sham"
MANAGER: dict[str, Any] = {"role": Role.BRANCH_MANAGER, "branch": BRANCH}
DELEGATE: dict[str, Any] = {"role": Role.DELEGATE, "branch": BRANCH}
ADMINISTRATOR: dict[str, Any] = {"role": Role.ASSOCIATION_ADMINISTRATOR}
AUDITOR: dict[str, Any] = {"role": Role.AUDITOR}
NAMED: dict[str, Any] = {"role": Role.SOCIAL_RESEARCHER, "person": "named"}
REASON = "عنف أسري في البيت"
CLOSING = {"named": ["named"], "reason": REASON}
GONE = {"status": 404, "code": "case_not_found"}


@pytest.fixture
async def case(office: Office) -> dict[str, Any]:
    """A branch's request, handed in and made confidential by the branch manager."""
    answer = await office.post("/api/v1/cases", office.new_case(), **DELEGATE)
    begun: dict[str, Any] = answer.json()
    await office.step(begun, "reception", {}, **DELEGATE)
    await office.step(begun, "confidence", CLOSING, **MANAGER)
    return begun


@pytest.mark.parametrize(
    "who", [DELEGATE, ADMINISTRATOR, AUDITOR, {"role": Role.INTAKE_OFFICER}, {"role": Role.SOCIAL_RESEARCHER}]
)
async def test_whoever_is_not_named_finds_no_such_case(office: Office, case: dict[str, Any], who: Any) -> None:
    for part in ("", "/timeline", "/tools"):
        await refused(office.desk, "GET", f"/api/v1/cases/{case['id']}{part}", **(office.who | who | GONE))
    assert (await office.get("/api/v1/cases", **who))["items"] == []


@pytest.mark.parametrize("step", ["check", "withdrawal", "referral", "registration", "closing"])
async def test_whoever_is_not_named_takes_no_step(office: Office, case: dict[str, Any], step: str) -> None:
    await office.refuse_step(case, step, **(DELEGATE | GONE))


@pytest.mark.parametrize("who", [MANAGER, NAMED], ids=["who made it so", "who is named"])
async def test_those_named_see_it(office: Office, case: dict[str, Any], who: Any) -> None:
    assert [one["id"] for one in (await office.get("/api/v1/cases", **who))["items"]] == [case["id"]]
    assert (await office.get(f"/api/v1/cases/{case['id']}", **who))["reference"] == case["reference"]


async def test_an_auditor_sees_that_there_is_one_and_nothing_of_what_is_in_it(
    office: Office, case: dict[str, Any]
) -> None:
    page = await office.get("/api/v1/confidential-cases", **AUDITOR)
    (shown,) = page["items"]
    assert set(shown) == {"case_id", "reference", "branch_id", "since"}
    assert (shown["case_id"], shown["branch_id"]) == (case["id"], BRANCH)
    elsewhere = await office.get("/api/v1/confidential-cases", role=Role.AUDITOR, association="kharj-dawah")
    assert elsewhere["items"] == []


async def test_why_it_is_confidential_lies_sealed_and_is_told_to_nobody(office: Office, case: dict[str, Any]) -> None:
    assert REASON not in "".join(everything_written(office.desk))
    (told,) = await office.desk.told(CaseMadeConfidential)
    assert isinstance(told, CaseMadeConfidential)
    assert told.named == ("branch_manager-1", "named")
    assert told.case_id == case["id"]


async def test_a_branch_does_not_close_another_branchs_case(office: Office, case: dict[str, Any]) -> None:
    other = await office.begin(branch_id="ayn_shams")
    await office.refuse_step(other, "confidence", CLOSING, **(MANAGER | GONE))
    await office.refuse_step(case, "opening", {"reason": "x"}, **(MANAGER | {"branch": "ayn_shams"} | GONE))


async def test_a_manager_who_is_not_named_neither_opens_it_nor_names_himself(
    office: Office, case: dict[str, Any]
) -> None:
    other = MANAGER | {"person": "another-manager"} | GONE
    await office.refuse_step(case, "opening", {"reason": "x"}, **other)
    await office.refuse_step(case, "confidence", CLOSING, **other)


async def test_the_administrator_names_others_where_all_who_were_named_left(
    office: Office, case: dict[str, Any]
) -> None:
    await office.step(case, "confidence", {"named": ["successor"], "reason": "ترك الجميع العمل"}, **ADMINISTRATOR)
    successor = DELEGATE | {"person": "successor"}
    assert (await office.get(f"/api/v1/cases/{case['id']}", **successor))["id"] == case["id"]
    await refused(office.desk, "GET", f"/api/v1/cases/{case['id']}", **(office.who | NAMED | GONE))


async def test_an_opened_case_is_seen_by_its_branch_again(office: Office, case: dict[str, Any]) -> None:
    await office.post(f"/api/v1/cases/{case['id']}/opening", {"reason": "زال السبب"}, **MANAGER)
    assert [one["id"] for one in (await office.get("/api/v1/cases", **DELEGATE))["items"]] == [case["id"]]
    await office.refuse_step(
        case, "opening", {"reason": "x"}, **(MANAGER | {"status": 409, "code": "not_confidential"})
    )
    assert len(await office.desk.told(CaseMadeOpen)) == 1


def made_confidential(case: str, *named: str) -> CaseMadeConfidential:
    return CaseMadeConfidential(
        association_id=ASSOCIATION, case_id=case, reference="JMM-1", branch_id=BRANCH, named=named
    )


async def test_the_body_sees_a_confidential_review_only_where_it_is_named(committee: Body) -> None:
    await committee.take_up()
    await committee.desk.hear(made_confidential(committee.case, RESEARCHER))
    gone = {"status": 404, "code": "review_not_found"}
    await refused(
        committee.desk, "GET", f"/api/v1/cases/{committee.case}/review", **(committee.who(Role.AUDITOR) | gone)
    )
    await committee.refuse("study", {"findings": "x"}, Role.SOCIAL_RESEARCHER, "another", **gone)
    listed = await committee.desk.call("GET", "/api/v1/reviews", **committee.who(Role.COMMITTEE_CHAIR))
    assert listed.json()["items"] == []
    assert (await committee.study())["case_id"] == committee.case


async def test_a_round_that_comes_after_the_word_is_closed_as_well(committee: Body) -> None:
    await committee.desk.hear(made_confidential(committee.case, RESEARCHER))
    await committee.take_up()
    listed = await committee.desk.call("GET", "/api/v1/reviews", **committee.who(Role.COMMITTEE_MEMBER))
    assert listed.json()["items"] == []


async def test_the_messages_of_a_confidential_case_are_for_those_named(notifications: Desk) -> None:
    await notifications.hear(facts.received(email=None))
    operator: dict[str, Any] = {"role": Role.NOTIFICATIONS_OPERATOR}

    async def listed(**who: Any) -> list[str]:
        page = await notifications.call("GET", f"/api/v1/messages?case_id={facts.CASE}", **(operator | who))
        return [message["id"] for message in page.json()["items"]]

    (message,) = await listed()
    await notifications.hear(made_confidential(facts.CASE, "named"))
    assert await listed() == []
    assert await listed(person="named") == [message]
    gone = {"status": 404, "code": "message_not_found"}
    await refused(notifications, "GET", f"/api/v1/messages/{message}", **(operator | gone))
    await refused(notifications, "POST", f"/api/v1/messages/{message}/resend", **(operator | gone))
    # He is told all the same: the person himself is nobody's secret.
    await notifications.hear(facts.returned("lease"))
    assert await notifications.dead() == []


async def test_a_complaint_about_a_confidential_case_is_for_those_named(feedback: Desk) -> None:
    said = {"party": "beneficiary", "subject": "تأخر", "text": "تأخر الرد", "case_id": "case-9"}
    officer: dict[str, Any] = {"role": Role.QUALITY_OFFICER}
    complaint = (await feedback.call("POST", "/api/v1/complaints", body=said, **officer)).json()["id"]
    await feedback.hear(made_confidential("case-9", "named"))

    async def listed(**who: Any) -> list[str]:
        page = await feedback.call("GET", "/api/v1/complaints", **(officer | who))
        return [one["id"] for one in page.json()["items"]]

    assert await listed() == []
    assert await listed(person="named") == [complaint]
    path, body = f"/api/v1/complaints/{complaint}/resolution", {"answer": "نعتذر"}
    await refused(feedback, "POST", path, body=body, status=404, code="relation_not_found", **officer)


async def test_a_complaint_about_a_case_that_one_may_not_see_is_taken_down_all_the_same(feedback: Desk) -> None:
    await feedback.hear(made_confidential("case-9", "named"))
    said = {"party": "beneficiary", "subject": "تأخر", "text": "تأخر الرد", "case_id": "case-9"}
    taken = await feedback.call("POST", "/api/v1/complaints", body=said, **DELEGATE)
    assert taken.status_code == 201
    page = await feedback.call("GET", "/api/v1/complaints", role=Role.QUALITY_OFFICER, person="named")
    assert [one["id"] for one in page.json()["items"]] == [taken.json()["id"]]


async def test_a_confidential_case_that_ended_is_asked_about_like_any_other(feedback: Desk) -> None:
    await feedback.hear(made_confidential("case-1", "named"), closed("case-1"))
    assert (await answer(feedback, "case-1")).status_code == 201


async def test_the_trail_tells_a_reader_who_is_not_named_no_reason_of_it(office: Office, case: dict[str, Any]) -> None:
    reveal = {"fields": ["mobile"], "reason": REASON}
    await office.post(f"/api/v1/cases/{case['id']}/applicant/reveal", reveal, **MANAGER)
    page = await office.get(f"/api/v1/audit?case_id={case['id']}", **AUDITOR)
    assert CONFIDENTIAL in {one["reason"] for one in page["items"]}
    assert REASON not in str(page)
    named = await office.get(f"/api/v1/audit?case_id={case['id']}", **(AUDITOR | {"person": "named"}))
    assert REASON in {one["reason"] for one in named["items"]}


async def test_of_whom_there_are_confidential_cases_alone_nothing_finds_but_his_number_and_that_not_what_he_is(
    office: Office, case: dict[str, Any]
) -> None:
    assert case["reference"]
    shown = {}
    for q in (NAME, NATIONAL_ID, MOBILE):
        for who in (DELEGATE, ADMINISTRATOR, NAMED):
            found = await office.get(f"/api/v1/people?{urlencode({'q': q})}", **who)
            shown[q, who["role"]] = (len(found["people"]), [branch["id"] for branch in found["elsewhere"]])
    assert {who["role"]: shown[NAME, who["role"]] for who in (DELEGATE, ADMINISTRATOR, NAMED)} == {
        Role.DELEGATE: (0, []),
        Role.ASSOCIATION_ADMINISTRATOR: (0, []),
        Role.SOCIAL_RESEARCHER: (1, []),
    }
    for q in (NATIONAL_ID, MOBILE):
        assert shown[q, Role.DELEGATE] == shown[q, Role.ASSOCIATION_ADMINISTRATOR] == (0, [BRANCH])
        assert shown[q, Role.SOCIAL_RESEARCHER] == (1, [])


async def test_the_file_of_whom_there_are_confidential_cases_alone_is_not_there_for_others(
    office: Office, case: dict[str, Any]
) -> None:
    (found,) = (await office.get(f"/api/v1/people?{urlencode({'q': case['reference']})}", **NAMED))["people"]
    for who in (DELEGATE, ADMINISTRATOR):
        gone = {"status": 404, "code": "person_not_found"}
        await refused(office.desk, "GET", f"/api/v1/people/{found['id']}", **(office.who | who | gone))
    assert (await office.get(f"/api/v1/people/{found['id']}", **NAMED))["name"] == NAME


@pytest.mark.parametrize("who", [DELEGATE, {"role": Role.INTAKE_OFFICER}], ids=["of the branch", "of the head office"])
async def test_no_way_around_leads_to_whom_only_confidential_cases_know(
    office: Office, case: dict[str, Any], who: dict[str, Any]
) -> None:
    """Not the pages of a new request, nor what he was given, nor a reason, nor that somebody is like him."""
    (found,) = (await office.get(f"/api/v1/people?{urlencode({'q': case['reference']})}", **NAMED))["people"]
    hidden = found["id"]
    headers = {"Authorization": f"Bearer {office.desk.token(**who)}", "Accept": "text/html"}
    page = await office.desk.client.get(f"/desk/new/applicant?person={hidden}", headers=headers)
    assert NAME not in page.text
    gone = {"status": 404, "code": "person_not_found"}
    await refused(office.desk, "GET", f"/api/v1/people/{hidden}/benefits", **(office.who | who | gone))

    proof = (await office.get(f"/api/v1/people?{urlencode({'q': NATIONAL_ID})}", **who))["search"]
    new = {"national_id": NATIONAL_ID, "name": NAME, "search": proof, "here_because": "جاء إلينا"}
    met = (await office.post("/api/v1/people", new, **who)).json()
    assert (met["outcome"], met["person"], met["differs"]) == ("elsewhere", None, [])

    proof = (await office.get(f"/api/v1/people?{urlencode({'q': OTHER_NATIONAL_ID})}", **who))["search"]
    like = {"national_id": OTHER_NATIONAL_ID, "name": NAME, "mobile": MOBILE, "search": proof}
    met = (await office.post("/api/v1/people", like, **who)).json()
    assert (met["outcome"], met["duplicates"]) == ("registered", [])
    assert (await office.get("/api/v1/duplicates", **who))["items"] == []
    assert len((await office.get("/api/v1/duplicates", **NAMED))["items"]) == 1


async def test_whom_a_branch_registered_stays_in_its_lists_when_another_branchs_only_case_becomes_confidential(
    office: Office,
) -> None:
    """What it knew it goes on knowing, and learns nothing: that he was gone would tell of the case."""
    near = {"role": Role.DELEGATE, "branch": "ayn_shams"}
    person = await register_id(office, NATIONAL_ID, NAME, who=near)
    case = await office.begin(branch_id=BRANCH)

    async def shown(**who: Any) -> tuple[Any, Any]:
        found = (await office.get(f"/api/v1/people?{urlencode({'q': NAME})}", **who))["people"]
        return found, await office.get(f"/api/v1/people/{person}", **near)

    before = await shown(**near)
    assert len(before[0]) == 1
    await office.step(case, "confidence", CLOSING, **MANAGER)
    after = await shown(**near)
    assert after == before
    assert NATIONAL_ID not in str(after)
    assert case["reference"] not in str(after)
    whole = (await office.get(f"/api/v1/people?{urlencode({'q': NAME})}", **ADMINISTRATOR))["people"]
    assert whole == [], "who registered nobody learns of nobody"


async def test_a_branchs_own_confidential_case_hides_also_whom_it_registered(office: Office) -> None:
    await register_id(office, NATIONAL_ID, NAME, who=DELEGATE)
    case = await office.begin(branch_id=BRANCH)
    await office.step(case, "confidence", CLOSING, **MANAGER)
    assert (await office.get(f"/api/v1/people?{urlencode({'q': NAME})}", **DELEGATE))["people"] == []


async def test_what_is_typed_twice_of_a_stranger_opens_no_file_of_confidential_cases(
    office: Office, case: dict[str, Any]
) -> None:
    far = {"role": Role.DELEGATE, "branch": "ayn_shams"}
    assert case["reference"]
    for _ in range(2):
        proof = (await office.get(f"/api/v1/people?{urlencode({'q': NATIONAL_ID})}", **far))["search"]
        new = {"national_id": NATIONAL_ID, "name": NAME, "search": proof, "here_because": "جاء إلينا"}
        met = (await office.post("/api/v1/people", new, **far)).json()
        assert (met["outcome"], met["person"]) == ("elsewhere", None)
