"""The applicant signs at the desk with a code out of his own mobile, which he reads out (`step.attestation`)."""

from typing import Any

import pytest

from services.intake.domain.applicant_codes import LASTS, TRIES
from services.intake.domain.attesting import Manner, digest_of_text
from shared.language.case_lifecycle import CaseStatus
from shared.language.events import ApplicantCodeMade, CodePurpose
from shared.plumbing.seal import unseal
from tests.intake.office import NAME, NATIONAL_ID, Office
from tests.intake.pages.clerk import Pages, errors_of, main_of, words_of
from tests.intake.pages.test_signing import files, signed
from tests.intake.test_attesting import drawing, signatures

__all__ = ["files"]


@pytest.fixture
async def case(office: Office) -> dict[str, Any]:
    return await office.walk(to=CaseStatus.COMPLETE)


async def send(pages: Pages, case: dict[str, Any], said: dict[str, Any]) -> str:
    """Have the code sent; its id, as the page carries it."""
    page = await pages.post(f"/desk/cases/{case['id']}/attestation/code", said)
    assert page.status_code == 200, words_of(page)
    return main_of(page).partition('name="code_id" value="')[2].partition('"')[0]


async def confirm(pages: Pages, case: dict[str, Any], said: dict[str, Any], *, code_id: str, code: str) -> Any:
    path = f"/desk/cases/{case['id']}/attestation/confirmation"
    return await pages.post(path, said | {"code_id": code_id, "code": code})


async def newest(office: Office) -> str:
    """The code as it came to his mobile."""
    made = [event for event in await office.desk.told(ApplicantCodeMade) if isinstance(event, ApplicantCodeMade)]
    assert made[-1].purpose is CodePurpose.ATTEST
    return unseal(made[-1].code)


async def test_he_signs_the_text_that_he_was_read_with_the_code_out_of_his_own_mobile(
    office: Office, pages: Pages, case: dict[str, Any]
) -> None:
    form = await pages.get(f"/desk/cases/{case['id']}/attestation")
    assert f'formaction="/desk/cases/{case["id"]}/attestation/code"' in form.text
    code_id = await send(pages, case, signed(office))
    assert (await office.now(case))["status"] == "complete", "nothing is signed before he reads the code out"
    done = await confirm(pages, case, signed(office), code_id=code_id, code=await newest(office))
    assert done.status_code == 303, words_of(done)
    assert (await office.now(case))["status"] == "attested"
    (row,) = await signatures(office.desk)
    assert (row.manner, row.signed_name, row.taken_by) == (Manner.TYPED, NAME, "intake_officer-1")
    assert office.pack.attestation is not None
    assert row.text_digest == digest_of_text(office.pack.attestation)
    assert row.code_bound_to is not None


@pytest.mark.usefixtures("files")
async def test_what_he_drew_is_bound_to_the_code_too(office: Office, pages: Pages, case: dict[str, Any]) -> None:
    drawn = signed(office, drawing=drawing())
    code_id = await send(pages, case, drawn)
    without = await confirm(pages, case, signed(office), code_id=code_id, code=await newest(office))
    assert without.status_code == 401
    assert (await confirm(pages, case, drawn, code_id=code_id, code=await newest(office))).status_code == 303
    (row,) = await signatures(office.desk)
    assert row.drawing_place


async def test_the_code_opens_nothing_else_than_what_it_was_sent_for(
    office: Office, pages: Pages, case: dict[str, Any]
) -> None:
    code_id = await send(pages, case, signed(office))
    other = signed(office, signed_name="اسم غيره")
    changed = await confirm(pages, case, other, code_id=code_id, code=await newest(office))
    assert (changed.status_code, errors_of(changed)) == (401, ["code"])
    assert await signatures(office.desk) == []


async def test_wrong_codes_are_counted_and_the_right_one_opens_nothing_afterwards(
    office: Office, pages: Pages, case: dict[str, Any]
) -> None:
    code_id = await send(pages, case, signed(office))
    right = await newest(office)
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for _ in range(TRIES):
        assert (await confirm(pages, case, signed(office), code_id=code_id, code=wrong)).status_code == 401
    assert (await confirm(pages, case, signed(office), code_id=code_id, code=right)).status_code == 401
    assert (await office.now(case))["status"] == "complete"


async def test_a_code_is_over_after_five_minutes_and_no_second_is_sent_within_one(
    office: Office, pages: Pages, case: dict[str, Any]
) -> None:
    code_id = await send(pages, case, signed(office))
    again = await pages.post(f"/desk/cases/{case['id']}/attestation/code", signed(office))
    assert again.status_code == 429
    assert NAME in again.text, "what was typed is still there"
    office.desk.clock.forward(LASTS)
    late = await confirm(pages, case, signed(office), code_id=code_id, code=await newest(office))
    assert late.status_code == 401


async def test_who_has_no_mobile_is_sent_none_and_the_page_says_so(office: Office, pages: Pages) -> None:
    begun = await office.begin(applicant={"national_id": NATIONAL_ID, "name": NAME})
    case = await office.walk(to=CaseStatus.COMPLETE, case=begun)
    assert "formaction" not in (await pages.get(f"/desk/cases/{case['id']}/attestation")).text
    answer = await pages.post(f"/desk/cases/{case['id']}/attestation/code", signed(office))
    assert answer.status_code == 422
    assert "لا جوال في ملف المتقدم" in words_of(answer)
    assert await office.desk.told(ApplicantCodeMade) == []


async def test_where_none_came_another_code_is_sent_from_the_same_page_and_the_signature_stands(
    office: Office, pages: Pages, case: dict[str, Any]
) -> None:
    path = f"/desk/cases/{case['id']}/attestation/code"
    page = await pages.post(path, signed(office))
    assert f'formaction="{path}"' in page.text
    said = signed(office)
    assert main_of(page).count('name="accepted_statements"') == len(said["accepted_statements"])
    office.desk.clock.forward(LASTS)
    code_id = await send(pages, case, said)
    done = await confirm(pages, case, said, code_id=code_id, code=await newest(office))
    assert done.status_code == 303, words_of(done)
