"""A new request that cannot be taken is refused in words, by field, and leaves nothing behind."""

from typing import Any

import pytest

from shared.language.roles import Role
from tests.contracts.problem import refused
from tests.harness.desk import ASSOCIATION
from tests.intake.office import KHARJ, NATIONAL_ID, Office

CASES = "/api/v1/cases"


def person(**changes: Any) -> dict[str, Any]:
    return {"national_id": NATIONAL_ID, "name": "نورة الحربي", "mobile": "0555000111"} | changes


async def refuse(office: Office, body: Any, *, status: int = 422, **expected: Any) -> dict[str, Any]:
    call = office.who | expected
    return await refused(office.desk, "POST", CASES, body=body, status=status, **call)


@pytest.mark.parametrize("name", ["channel", "service_id", "applicant"])
async def test_a_missing_field_is_named(office: Office, name: str) -> None:
    body = office.new_case()
    del body[name]
    problem = await refuse(office, body, code="malformed", field=name)
    assert "مطلوب" in problem["detail"]


@pytest.mark.parametrize("name", ["national_id", "name"])
async def test_a_missing_particular_of_the_applicant_is_named(office: Office, name: str) -> None:
    applicant = person()
    del applicant[name]
    await refuse(office, office.new_case(applicant=applicant), code="malformed", field=f"applicant.{name}")


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("applicant.name", {"applicant": person(name="ن")}),
        ("applicant.name", {"applicant": person(name="ن" * 301)}),
        ("applicant.name", {"applicant": person(name=7)}),
        ("applicant.mobile", {"applicant": person(mobile="0455000111")}),
        ("applicant.mobile", {"applicant": person(mobile="055500011")}),
        ("applicant.mobile", {"applicant": person(mobile="05550001११")}),
        ("applicant.email", {"applicant": person(email="noura at example.org")}),
        ("applicant.language", {"applicant": person(language="fr")}),
        ("applicant.national_id", {"applicant": person(national_id="1" * 21)}),
        ("applicant", {"applicant": "نورة"}),
        ("service_id", {"service_id": ""}),
        ("service_id", {"service_id": None}),
        ("branch_id", {"branch_id": "x" * 101}),
        ("form", {"form": ["need"]}),
        ("form", {"form": {f"field_{n}": 1 for n in range(51)}}),
    ],
)
async def test_a_malformed_field_is_named(office: Office, field: str, changes: dict[str, Any]) -> None:
    await refuse(office, office.new_case(**changes), code="malformed", field=field)


@pytest.mark.parametrize("answer", ["ن" * 4001, 10**16, 1.5, ["a"], {"a": 1}, None])
async def test_an_answer_that_no_form_asks_for_is_refused_by_its_question(office: Office, answer: Any) -> None:
    await refuse(office, office.new_case(form={"need": answer}), code="malformed", field="form.need")


async def test_a_form_may_be_left_half_filled_until_it_is_handed_in(office: Office) -> None:
    case = await office.begin(form={"need": ""})
    await office.refuse_step(
        case, "reception", {}, status=422, code="form_incomplete", field="form.need", clause="eligibility.form"
    )


async def test_a_channel_that_does_not_exist_is_malformed(office: Office) -> None:
    await refuse(office, office.new_case(channel="fax"), code="malformed", field="channel")


@pytest.mark.parametrize("channel", ["help_request", "delegate"])
async def test_kharj_refuses_the_channels_that_its_policy_lacks_by_their_clause(kharj: Office, channel: str) -> None:
    clause = f"channel.{channel}"
    problem = await refuse(
        kharj, kharj.new_case(channel=channel), code="channel_not_adopted", field="channel", clause=clause
    )
    assert clause in problem["sentences"]["ar"]
    assert clause in problem["sentences"]["en"]


@pytest.mark.parametrize("channel", ["interview", "phone", "social", "letter", "volunteering", "website"])
async def test_kharj_takes_every_channel_of_its_policy(kharj: Office, channel: str) -> None:
    assert (await kharj.begin(channel=channel))["channel"] == channel


async def test_a_service_that_is_not_offered_is_refused_with_those_that_are(office: Office) -> None:
    problem = await refuse(office, office.new_case(service_id="loan"), code="service_unknown", field="service_id")
    assert office.service.id in problem["sentences"]["en"]


async def test_a_branch_that_does_not_exist_is_refused(office: Office) -> None:
    await refuse(office, office.new_case(branch_id="riyadh"), code="branch_unknown", field="branch_id")


@pytest.mark.parametrize("national_id", ["1000000009", "100000000", "10000000080", "3000000004", "100000000a", ""])
async def test_a_wrong_national_id_is_refused(office: Office, national_id: str) -> None:
    body = office.new_case(applicant=person(national_id=national_id))
    await refuse(office, body, code="national_id_wrong", field="applicant.national_id")


@pytest.mark.parametrize(
    ("field", "changes"),
    [("vip", {"vip": True}), ("applicant.age", {"applicant": person(age=40)}), ("status", {"status": "closed"})],
)
async def test_an_unknown_key_is_refused_not_ignored(office: Office, field: str, changes: dict[str, Any]) -> None:
    await refuse(office, office.new_case(**changes), code="malformed", field=field)


async def test_a_delegate_cannot_begin_a_request_for_another_branch(office: Office) -> None:
    await refuse(
        office,
        office.new_case(branch_id="ayn_shams"),
        status=403,
        code="foreign_branch",
        role=Role.DELEGATE,
        branch="hada_sham",
    )


async def test_a_refused_request_takes_no_number(office: Office) -> None:
    await refuse(office, office.new_case(service_id="loan"), code="service_unknown", field="service_id")
    assert (await office.begin())["reference"] == "JMM-2026-000001"


@pytest.mark.parametrize(
    ("changes", "status", "code", "field", "clause"),
    [
        ({"association_id": "nowhere"}, 403, "association_unknown", None, None),
        ({"association_id": KHARJ, "channel": "help_request"},
            422, "channel_not_adopted", "channel", "channel.help_request"),
        ({"channel": "interview"}, 422, "malformed", "body", None),
        ({"branch_id": "hada_sham"}, 422, "malformed", "branch_id", None),
        ({"service_id": "loan"}, 422, "service_unknown", "service_id", None),
        ({"form": {}}, 422, "form_incomplete", "form.need", "eligibility.form"),
        ({"applicant": person(national_id="1000000009")}, 422, "national_id_wrong", "applicant.national_id", None),
    ],
)  # fmt: skip
async def test_the_public_door_refuses_what_a_desk_would_refuse(
    office: Office, changes: dict[str, Any], status: int, code: str, field: str | None, clause: str | None
) -> None:
    request = {"association_id": ASSOCIATION, **office.new_case(channel="website"), **changes}
    if changes.get("association_id") == KHARJ:
        request["service_id"] = "new_muslim_care"
    await refused(
        office.desk,
        "POST",
        "/api/v1/public/requests",
        body=request,
        status=status,
        code=code,
        field=field,
        clause=clause,
    )
