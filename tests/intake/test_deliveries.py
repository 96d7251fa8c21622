"""After acceptance (`step.delivery`): planned, handed over in parts, to whoever may take it, and proven."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from shutil import copy
from typing import Any

import pytest

from services.intake.domain.deliveries import TRIES
from services.intake.main import INTAKE
from services.intake.use_cases.keep_file import sweep_files
from shared.language.case_lifecycle import CaseStatus
from shared.language.events import (
    BenefitFollowUpDue,
    CaseDelivered,
    CasePartDelivered,
    DeliveryCodeMade,
    DeliveryPlanned,
)
from shared.language.roles import Role
from shared.plumbing.clock import SystemClock
from shared.plumbing.seal import unseal
from shared.policy.parts import Service
from tests.contracts.problem import assert_problem
from tests.edge.file_desk import FileDesk, form
from tests.edge.papers import image
from tests.harness.desk import Desk, open_desk
from tests.intake.office import NAME, Office
from tests.intake.register.desk import PAIRS, number, register_id
from tests.intake.rows import count

S = CaseStatus
PAPER = {"kind": "paper", "note": "محضر رقم 12"}
COLLECTOR = {"name": "سالم الحربي", "national_id": "2000000006", "relation": "أخ", "proof": "وكالة رقم 448811"}


@pytest.fixture
async def intake(migrated_intake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """The desk with a folder for files."""
    copy(migrated_intake, tmp_path)
    monkeypatch.setenv("ATHAR_FILES_FOLDER", str(tmp_path / "files"))
    async with open_desk(INTAKE, tmp_path, monkeypatch) as desk:
        yield desk


def part(office: Office, **changes: Any) -> dict[str, Any]:
    today = str(office.desk.clock.now().date())
    return {"delivered_on": today, "what": "حقيبة", "completes": False, "proof": PAPER} | changes


async def code_of(office: Office, case: dict[str, Any]) -> str:
    """The code that the beneficiary was sent."""
    sent = await office.desk.call("POST", f"/api/v1/cases/{case['id']}/delivery-code", **office.who)
    assert sent.status_code == 204, sent.text
    *_, told = await office.desk.told(DeliveryCodeMade)
    assert isinstance(told, DeliveryCodeMade)
    return unseal(told.code)


async def keep(office: Office, case: dict[str, Any], folder: Path) -> Any:
    desk = FileDesk(office, case, "", folder)
    return await desk.send(form(image()), path=f"/api/v1/cases/{case['id']}/delivery-proofs")


async def test_a_service_is_delivered_in_parts_and_with_the_last_the_case(office: Office) -> None:
    """`step.delivery`, `step.registration`."""
    case = await office.walk(to=S.REGISTERED)
    first = await office.step(case, "parts", part(office))
    assert (first["received_by"], first["completes"]) == (NAME, False)
    assert (await office.now(case))["status"] == "registered"
    await office.step(case, "parts", part(office, what="الحقيبة الثانية", completes=True))
    assert (await office.now(case))["status"] == "delivered"
    assert len(await office.desk.told(CasePartDelivered)) == 2
    assert len(await office.desk.told(CaseDelivered)) == 1
    shown = await office.get(f"/api/v1/cases/{case['id']}/deliveries")
    assert [one["what"] for one in shown["parts"]] == ["حقيبة", "الحقيبة الثانية"]
    await office.refuse_step(case, "parts", part(office), status=409, code="step_out_of_order", clause="step.delivery")


async def test_nothing_is_planned_or_handed_over_before_registration(office: Office) -> None:
    case = await office.walk(to=S.ANSWERED)
    plan = {"planned_for": "2026-12-20", "place": "الفرع", "what": "حقيبة"}
    await office.refuse_step(case, "delivery-plans", plan, status=409, code="step_out_of_order")
    await office.refuse_step(case, "delivery-code", status=409, code="step_out_of_order")
    await office.refuse_step(case, "parts", part(office), status=409, code="step_out_of_order", clause="step.delivery")


async def test_a_planned_day_is_told_stands_on_the_days_page_and_is_over_once_it_was_carried_out(
    office: Office,
) -> None:
    case = await office.walk(to=S.REGISTERED)
    plan = {"planned_for": "2026-12-20", "place": "مستودع الفرع", "what": "حقيبتان"}
    planned = await office.step(case, "delivery-plans", plan)
    (told,) = await office.desk.told(DeliveryPlanned)
    assert isinstance(told, DeliveryPlanned)
    assert "مستودع" not in told.model_dump_json()
    day = "/api/v1/delivery-plans?day=2026-12-20"
    assert [one["id"] for one in (await office.get(day))["items"]] == [planned["id"]]
    assert (await office.get(day, role=Role.DELEGATE, branch="hada_sham"))["items"] == []
    past = plan | {"planned_for": "2026-11-21"}
    await office.refuse_step(case, "delivery-plans", past, status=422, code="malformed", field="planned_for")
    far = plan | {"planned_for": "2028-01-01"}
    await office.refuse_step(case, "delivery-plans", far, status=422, code="malformed", field="planned_for")
    late = COLLECTOR | {"valid_until": "2026-11-21"}
    await office.refuse_step(case, "collectors", late, status=422, code="malformed", field="valid_until")
    assert (await office.get("/api/v1/delivery-plans"))["items"] == []
    await office.step(case, "parts", part(office, plan_id=planned["id"]))
    assert (await office.get(day))["items"] == []
    again = part(office, plan_id=planned["id"])
    await office.refuse_step(case, "parts", again, status=409, code="plan_over")
    await office.refuse_step(
        case, f"delivery-plans/{planned['id']}/calling-off", {"reason": "سبب"}, status=409, code="plan_over"
    )


async def test_the_code_that_he_was_sent_shows_that_it_reached_him_once(office: Office) -> None:
    case = await office.walk(to=S.REGISTERED)
    code = await code_of(office, case)
    right = part(office, proof={"kind": "code", "code": code})
    assert (await office.step(case, "parts", right))["proof_kind"] == "code"
    path = f"/api/v1/cases/{case['id']}/parts"
    again = await office.desk.call("POST", path, body=right, **office.who)
    assert_problem(again, status=422, code="delivery_code_wrong", field="proof.code")


async def test_a_wrong_code_counts_and_after_five_the_right_one_is_worth_nothing(office: Office) -> None:
    case = await office.walk(to=S.REGISTERED)
    code = await code_of(office, case)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    path = f"/api/v1/cases/{case['id']}/parts"

    async def say(said: str) -> Any:
        body = part(office, proof={"kind": "code", "code": said})
        return await office.desk.call("POST", path, body=body, **office.who)

    for _ in range(TRIES):
        assert_problem(await say(wrong), status=422, code="delivery_code_wrong", field="proof.code")
    assert_problem(await say(code), status=422, code="delivery_code_wrong", field="proof.code")
    assert await office.desk.told(CasePartDelivered) == []
    office.desk.clock.forward(timedelta(minutes=2))
    assert (await say(await code_of(office, case))).status_code == 201


async def test_codes_are_not_sent_one_after_another(office: Office) -> None:
    case = await office.walk(to=S.REGISTERED)
    await code_of(office, case)
    path = f"/api/v1/cases/{case['id']}/delivery-code"
    assert (await office.desk.call("POST", path, **office.who)).status_code == 429


async def test_whoever_may_act_for_him_takes_it_while_his_authority_lasts(office: Office) -> None:
    case = await office.walk(to=S.REGISTERED)
    until = str((office.desk.clock.now() + timedelta(days=10)).date())
    collector = await office.step(case, "collectors", COLLECTOR | {"valid_until": until})
    assert collector["national_id"] != COLLECTOR["national_id"]
    taken = await office.step(case, "parts", part(office, collector_id=collector["id"]))
    assert (taken["received_by"], taken["collector_id"]) == (COLLECTOR["name"], collector["id"])
    office.desk.clock.forward(timedelta(days=11))
    late = part(office, collector_id=collector["id"])
    refusal = {"status": 409, "code": "collector_not_valid", "field": "collector_id"}
    await office.refuse_step(case, "parts", late, **refusal)
    other = await office.step(case, "collectors", COLLECTOR)
    await office.step(case, f"collectors/{other['id']}/revocation")
    await office.refuse_step(case, "parts", part(office, collector_id=other["id"]), **refusal)
    unknown = part(office, collector_id="nobody")
    await office.refuse_step(case, "parts", unknown, status=404, code="collector_not_found")


async def test_a_day_before_his_authority_ended_does_not_let_him_take_it_afterwards(office: Office) -> None:
    """`step.delivery`: the day that is typed is nobody's clock."""
    case = await office.walk(to=S.REGISTERED)
    begun = office.desk.clock.now()
    collector = await office.step(case, "collectors", COLLECTOR | {"valid_until": str(begun.date())})
    office.desk.clock.forward(timedelta(days=1))
    dated = part(office, collector_id=collector["id"], delivered_on=str(begun.date()))
    for role in (Role.DELEGATE, Role.BRANCH_MANAGER, Role.INTAKE_OFFICER):
        await office.refuse_step(
            case,
            "parts",
            dated,
            status=409,
            code="collector_not_valid",
            field="collector_id",
            role=role,
            branch="jamoum",
        )


@pytest.mark.parametrize("path", ["parts", "delivery"])
async def test_who_hands_over_writes_it_down_within_fourteen_days_and_a_manager_what_is_older(
    office: Office, path: str
) -> None:
    """`step.delivery`."""
    delegate = {"role": Role.DELEGATE, "branch": "jamoum"}
    case = await office.walk(to=S.REGISTERED)
    then = str(office.desk.clock.now().date())
    office.desk.clock.forward(timedelta(days=15))
    body = part(office, delivered_on=then) if path == "parts" else office.handover(delivered_on=then)
    late = {"status": 422, "code": "delivered_too_long_ago", "field": "delivered_on"}
    await office.refuse_step(case, path, body, **late, **delegate)
    in_time = str((office.desk.clock.now() - timedelta(days=14)).date())
    if path == "parts":
        await office.step(case, path, body | {"delivered_on": in_time}, **delegate)
    await office.step(case, path, body, role=Role.BRANCH_MANAGER, branch="jamoum")


async def test_a_collector_with_a_wrong_id_is_refused(office: Office) -> None:
    case = await office.walk(to=S.REGISTERED)
    wrong = COLLECTOR | {"national_id": "1000000000"}
    field = "applicant.national_id"
    await office.refuse_step(case, "collectors", wrong, status=422, code="national_id_wrong", field=field)


@pytest.mark.parametrize("kind", ["signature", "photo"])
async def test_a_signature_or_photo_is_kept_before_the_part_names_it_and_shown_after(
    office: Office, kind: str, tmp_path: Path
) -> None:
    case = await office.walk(to=S.REGISTERED)
    await office.refuse_step(
        case, "parts", part(office, proof={"kind": kind}), status=422, code="proof_missing", field="proof"
    )
    kept = await keep(office, case, tmp_path)
    assert kept.status_code == 201, kept.text
    proof = kept.json()["id"]
    taken = await office.step(case, "parts", part(office, proof={"kind": kind, "proof_id": proof}))
    assert taken["proof_id"] == proof
    shown = await office.desk.call("GET", f"/api/v1/delivery-proofs/{proof}", **office.who)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    stranger = {"role": Role.DELEGATE, "branch": "hada_sham"}
    hidden = await office.desk.call("GET", f"/api/v1/delivery-proofs/{proof}", **stranger)
    assert_problem(hidden, status=404, code="proof_not_found")


async def test_a_proof_is_not_swept_away(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = await office.walk(to=S.REGISTERED)
    await keep(office, case, tmp_path)
    later = SystemClock().now() + timedelta(days=3)
    monkeypatch.setattr("services.intake.use_cases.keep_file.SystemClock.now", lambda _: later)
    assert await sweep_files(office.desk.runtime) == 0


async def test_who_decided_the_request_does_not_confirm_a_part_of_its_delivery(office: Office) -> None:
    case = await office.walk(to=S.REFERRED)
    decided = office.decided(case).model_copy(update={"decided_by": ("intake_officer-1",)})
    await office.hear_body(office.studied(case), decided)
    for status in (S.ANSWERED, S.REGISTERED):
        await office.advance(case, to=status)
    await office.refuse_step(case, "parts", part(office), status=403, code="decided_it")


async def test_another_branch_learns_what_he_was_given_and_when_and_no_more(office: Office) -> None:
    near = Office(office.desk, role=Role.DELEGATE, branch="hada_sham")
    case = await near.walk(to=S.DELIVERED)
    subject = (await near.get(f"/api/v1/cases/{case['id']}/applicant"))["subject_id"]
    path = f"/api/v1/people/{subject}/benefits"
    (own,) = (await near.get(path))["items"]
    assert (own["case_id"], own["branch_id"], own["whole"]) == (case["id"], "hada_sham", True)
    far = Office(office.desk, role=Role.DELEGATE, branch="ayn_shams")
    unknown = await far.desk.call("GET", path, **far.who)
    assert_problem(unknown, status=404, code="person_not_found")
    await far.begin()
    (foreign,) = (await far.get(path))["items"]
    assert foreign == own | {"case_id": None}
    assert set(foreign) == {"service_id", "given_on", "whole", "branch_id", "case_id"}


async def test_what_he_was_given_under_a_file_that_was_merged_into_his_is_his(office: Office) -> None:
    asked = {"national_id": number(1), "name": NAME}
    given = await office.walk(to=S.DELIVERED, case=await office.begin(applicant=asked))
    merged = (await office.get(f"/api/v1/cases/{given['id']}/applicant"))["subject_id"]
    kept = await register_id(office, number(2), NAME)
    pair = (await office.post(PAIRS, {"one": kept, "other": merged})).json()
    keep = "one" if pair["one_id"] == kept else "other"
    assert (await office.get(f"/api/v1/people/{kept}/benefits"))["items"] == []
    await office.post(f"{PAIRS}/{pair['id']}/merge", {"keep": keep, "reason": "بطاقتان لشخص واحد"})
    for file in (kept, merged):
        (benefit,) = (await office.get(f"/api/v1/people/{file}/benefits"))["items"]
        assert benefit["case_id"] == given["id"]
    await office.post(f"{PAIRS}/{pair['id']}/undoing", {"reason": "شخصان"})
    assert (await office.get(f"/api/v1/people/{kept}/benefits"))["items"] == []


async def test_a_confidential_benefit_is_told_to_those_named_alone(office: Office) -> None:
    case = await office.walk(to=S.DELIVERED)
    subject = (await office.get(f"/api/v1/cases/{case['id']}/applicant"))["subject_id"]
    manager = {"role": Role.BRANCH_MANAGER, "branch": office.pack.head_office.id}
    await office.step(case, "confidence", {"named": [], "reason": "سبب"}, **manager)
    path = f"/api/v1/people/{subject}/benefits"
    gone = await office.desk.call("GET", path, **office.who)
    assert_problem(gone, status=404, code="person_not_found")
    assert len((await office.get(path, **manager))["items"]) == 1


async def test_the_benefit_is_asked_after_again_at_each_day_that_the_service_names(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`eligibility.benefit`, `goal.proactive`."""
    again = office.service.model_copy(update={"more_follow_ups": (60, 90)})

    def named(_: Any, __: str) -> Service:
        return again

    monkeypatch.setattr("services.intake.use_cases.serve_case.service_of", named)
    case = await office.walk(to=S.DELIVERED)
    for days, asked in ((30, 1), (30, 2)):
        office.desk.clock.forward(timedelta(days=days))
        await office.desk.settle()
        await office.step(case, "benefit", {"useful": True, "note": "انتفع"})
        assert len(await office.desk.told(BenefitFollowUpDue)) == asked
    await office.step(case, "closing")
    office.desk.clock.forward(timedelta(days=365))
    await office.desk.settle()
    assert len(await office.desk.told(BenefitFollowUpDue)) == 2
    assert await count(office.desk, "SELECT count(*) FROM benefits") == 2
