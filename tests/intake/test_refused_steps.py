"""A step that may not be taken is refused by its reason, and the case stays as it was."""

from datetime import timedelta
from typing import Any

import pytest

from shared.language.calendar import short_day
from shared.language.case_lifecycle import CaseStatus
from shared.language.events import CaseAttested, CaseReferred, Outcome
from tests.harness.desk import NOON
from tests.intake.office import Office

S = CaseStatus
TODAY = NOON.date()
YESTERDAY = str(TODAY - timedelta(days=1))
TOMORROW = str(TODAY + timedelta(days=1))
BENEFIT = {"useful": True, "note": "انتفع"}


@pytest.mark.parametrize(
    "paper",
    [
        {"kind": "national_id", "issued_on": "2020-01-01", "expires_on": YESTERDAY},
        {"kind": "income_statement", "issued_on": str(TODAY - timedelta(days=91))},
        {"kind": "lease", "issued_on": "2020-01-01", "expires_on": YESTERDAY},
    ],
)
async def test_a_paper_that_ran_out_is_refused(office: Office, paper: dict[str, Any]) -> None:
    case = await office.walk(to=S.RECEIVED)
    problem = await office.refuse_step(
        case, "documents", paper, status=422, code="document_expired", field="expires_on", clause="step.completeness"
    )
    yesterday = TODAY - timedelta(days=1)
    for language in ("ar", "en"):
        assert short_day(yesterday, language=language) in problem["sentences"][language]


async def test_a_paper_off_the_checklist_is_refused_with_the_checklist(office: Office) -> None:
    case = await office.walk(to=S.RECEIVED)
    problem = await office.refuse_step(
        case, "documents", office.paper("passport"), status=422, code="document_not_on_checklist", field="kind"
    )
    assert "father_death_certificate" in problem["sentences"]["en"]


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("issued_on", {"issued_on": TOMORROW}),
        ("issued_on", {"issued_on": "22/11/2026"}),
        ("expires_on", {"expires_on": "never"}),
        ("number", {"number": "1" * 21}),
        ("scan", {"scan": "base64"}),
    ],
)
async def test_a_malformed_paper_is_refused_by_field(office: Office, field: str, changes: dict[str, Any]) -> None:
    case = await office.walk(to=S.RECEIVED)
    paper = office.paper("national_id", **changes)
    await office.refuse_step(case, "documents", paper, status=422, code="malformed", field=field)


@pytest.mark.parametrize(
    ("field", "reception"),
    [
        ("reception.ended_at", {"started_at": "2026-11-22T06:00:00Z", "questions_answered": 1}),
        ("reception.started_at", {"started_at": "2026-11-22T06:00:00", "ended_at": "2026-11-22T06:25:00Z"}),
        ("body", {"started_at": "2026-11-22T06:25:00Z", "ended_at": "2026-11-22T06:00:00Z", "questions_answered": 1}),
        ("reception.mood", {"started_at": "2026-11-22T06:00:00Z", "ended_at": "2026-11-22T06:25:00Z",
                            "questions_answered": 1, "mood": "good"}),
    ],
)  # fmt: skip
async def test_a_reception_that_cannot_have_been_is_refused(
    office: Office, field: str, reception: dict[str, Any]
) -> None:
    case = await office.begin()
    await office.refuse_step(case, "reception", {"reception": reception}, status=422, code="malformed", field=field)


async def test_no_referral_without_a_signature_where_the_policy_asks_for_one(office: Office) -> None:
    case = await office.walk(to=S.COMPLETE)
    await office.refuse_step(case, "referral", status=409, code="attestation_missing", clause="step.attestation")
    assert await office.desk.told(CaseReferred) == []


@pytest.mark.parametrize("changes", [{"text_version": "0"}, {"accepted_statements": 2}, {"accepted_statements": 4}])
async def test_a_signature_under_another_text_or_part_of_it_is_refused(office: Office, changes: dict[str, Any]) -> None:
    case = await office.walk(to=S.COMPLETE)
    await office.refuse_step(
        case,
        "attestation",
        office.signature(**changes),
        status=422,
        code="statements_not_accepted",
        field="accepted_statements",
    )


async def test_a_signature_without_a_name_is_refused(office: Office) -> None:
    case = await office.walk(to=S.COMPLETE)
    signature = office.signature(signed_name="")
    await office.refuse_step(case, "attestation", signature, status=422, code="malformed", field="signed_name")


async def test_data_that_changed_after_the_signature_are_signed_for_again(office: Office) -> None:
    case = await office.walk(to=S.ATTESTED)
    await office.step(case, "documents", office.paper("lease"))
    await office.refuse_step(case, "referral", status=409, code="data_changed", clause="step.attestation")
    await office.step(case, "attestation", office.signature())
    assert (await office.step(case, "referral"))["status"] == "referred"
    first, second = await office.desk.told(CaseAttested)
    assert isinstance(first, CaseAttested)
    assert isinstance(second, CaseAttested)
    assert first.data_digest != second.data_digest


async def test_a_required_paper_that_runs_out_before_the_referral_holds_it_up(office: Office) -> None:
    case = await office.walk(to=S.RECEIVED)
    for demand in office.service.documents[:3]:
        await office.step(case, "documents", office.paper(demand.kind, expires_on=str(TODAY)))
    await office.step(case, "check")
    await office.step(case, "attestation", office.signature())
    office.desk.clock.forward(timedelta(days=1))
    await office.refuse_step(
        case, "referral", status=422, code="document_expired", field="expires_on", clause="step.completeness"
    )
    assert (await office.step(case, "check"))["status"] == "incomplete"
    await office.walk(to=S.RECEIVED, case=await office.begin())  # another case goes on meanwhile


async def test_an_optional_paper_that_runs_out_holds_nothing_up(office: Office) -> None:
    case = await office.walk(to=S.INCOMPLETE)
    await office.step(case, "documents", office.paper("lease", expires_on=str(TODAY)))
    await office.give_papers(case)
    await office.step(case, "check")
    await office.step(case, "attestation", office.signature())
    office.desk.clock.forward(timedelta(days=1))
    assert (await office.step(case, "referral"))["status"] == "referred"


async def test_kharj_takes_no_signature_and_refers_without_one(kharj: Office) -> None:
    case = await kharj.walk(to=S.COMPLETE)
    signature = {"text_version": "1", "accepted_statements": 3, "signed_name": "نورة الحربي"}
    await kharj.refuse_step(
        case, "attestation", signature, status=409, code="attestation_not_adopted", clause="step.attestation"
    )
    assert (await kharj.step(case, "referral"))["status"] == "referred"
    (referred,) = await kharj.desk.told(CaseReferred)
    assert isinstance(referred, CaseReferred)
    assert (referred.reviewing_body, referred.floor_days) == ("department", 0)
    assert referred.answer_not_before == referred.referred_at


async def test_what_was_not_accepted_is_not_registered(office: Office) -> None:
    case = await office.walk(to=S.ANSWERED, outcome=Outcome.REJECTED)
    await office.refuse_step(case, "registration", status=409, code="not_accepted", clause="step.registration")


async def test_what_was_accepted_is_neither_appealed_nor_closed_unserved(office: Office) -> None:
    case = await office.walk(to=S.ANSWERED)
    await office.refuse_step(case, "appeal", {"grounds": "أريد أكثر"}, status=409, code="not_rejected")
    await office.refuse_step(case, "closing", status=409, code="not_rejected")


async def test_kharj_closes_no_file_before_the_benefit_is_documented(kharj: Office) -> None:
    case = await kharj.walk(to=S.DELIVERED)
    await kharj.refuse_step(case, "closing", status=409, code="benefit_undocumented", clause="eligibility.benefit")
    await kharj.step(case, "benefit", BENEFIT)
    assert (await kharj.step(case, "closing"))["status"] == "closed"


async def test_the_other_policies_close_without_it(office: Office) -> None:
    case = await office.walk(to=S.DELIVERED)
    assert (await office.step(case, "closing"))["status"] == "closed"


async def test_a_delivery_in_the_future_is_refused(office: Office) -> None:
    case = await office.walk(to=S.REGISTERED)
    problem = await office.refuse_step(
        case, "delivery", office.handover(delivered_on=TOMORROW), status=422, code="malformed", field="delivered_on"
    )
    assert "هذا اليوم لم يأتِ بعد" in problem["detail"]


@pytest.mark.parametrize(
    ("at", "path", "clause"),
    [
        (S.DRAFT, "check", "step.completeness"),
        (S.DRAFT, "withdrawn-then-check", "step.completeness"),
        (S.DRAFT, "referral", "eligibility.routing"),
        (S.RECEIVED, "reception", "eligibility.form"),
        (S.RECEIVED, "attestation", "step.attestation"),
        (S.INCOMPLETE, "referral", "eligibility.routing"),
        (S.COMPLETE, "registration", "step.registration"),
        (S.ATTESTED, "appeal", "eligibility.routing"),
        (S.REFERRED, "documents", None),
        (S.REFERRED, "delivery", "step.delivery"),
        (S.DECIDED, "registration", "step.registration"),
        (S.ANSWERED, "benefit", "eligibility.benefit"),
        (S.REGISTERED, "closing", None),
        (S.DELIVERED, "withdrawal", None),
        (S.CLOSED, "clarifications", None),
        (S.EXPIRED, "check", "step.completeness"),
        (S.WITHDRAWN, "withdrawal", None),
    ],
)
async def test_a_step_out_of_order_is_refused_by_status_and_clause(
    office: Office, at: CaseStatus, path: str, clause: str | None
) -> None:
    case = await office.walk(to=at)
    if path == "withdrawn-then-check":
        case, path = await office.walk(to=S.WITHDRAWN, case=case), "check"
    body = {
        "reception": {},
        "attestation": office.signature(),
        "appeal": {"grounds": "ظروف"},
        "documents": office.paper("national_id"),
        "delivery": office.handover(),
        "benefit": BENEFIT,
        "clarifications": {"question": "ما الشروط؟"},
    }.get(path)
    problem = await office.refuse_step(case, path, body, status=409, code="step_out_of_order", clause=clause)
    assert case["status"] in problem["sentences"]["en"]
    assert (await office.now(case))["status"] == case["status"]
