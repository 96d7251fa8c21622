"""The desk's page of the attestation, where somebody cannot sign himself (`step.attestation`)."""

from typing import Any

import pytest

from shared.language.case_lifecycle import CaseStatus
from tests.contracts.problem import everything_written
from tests.intake.office import NAME, Office
from tests.intake.pages.clerk import Pages, errors_of, main_of, value_of, words_of

WITNESS = "سعد بن محمد العتيبي"


def signed(office: Office, **changes: str) -> dict[str, Any]:
    text = office.pack.attestation
    assert text is not None
    read = [str(place) for place in range(len(text.statements))]
    return {"text_version": text.version, "accepted_statements": read, "signed_name": NAME, **changes}


@pytest.mark.parametrize(
    ("said", "lacks"),
    [
        ({"manner": "thumb"}, "witness"),
        ({"manner": "witness", "witness": WITNESS}, "reason"),
        ({"manner": "guardian", "guardian": WITNESS, "reason": "قاصر"}, "kinship"),
        ({"manner": "drawn"}, "manner"),
    ],
)
async def test_what_stands_for_a_signature_is_named_or_refused_beside_its_field(
    office: Office, pages: Pages, said: dict[str, str], lacks: str
) -> None:
    case = await office.walk(to=CaseStatus.COMPLETE)
    before = everything_written(office.desk)
    page = await pages.post(f"/desk/cases/{case['id']}/attestation", signed(office, **said))
    assert page.status_code == 422, page.text
    assert errors_of(page) == [lacks]
    assert "<details open>" in main_of(page)
    assert value_of(page, "signed_name") == NAME
    assert everything_written(office.desk) == before


async def test_the_case_shows_who_stood_for_the_signature_and_why(office: Office, pages: Pages) -> None:
    case = await office.walk(to=CaseStatus.COMPLETE)
    said = {"manner": "thumb", "witness": WITNESS, "reason": "لا يكتب"}
    answer = await pages.post(f"/desk/cases/{case['id']}/attestation", signed(office, **said))
    assert answer.status_code == 303, answer.text
    shown = words_of(await pages.get(f"/desk/cases/{case['id']}"))
    for words in (WITNESS, "لا يكتب", "بصمة إبهامه"):
        assert words in shown


async def test_who_signs_himself_has_nobody_beside_him(office: Office, pages: Pages) -> None:
    case = await office.walk(to=CaseStatus.COMPLETE)
    await pages.post(f"/desk/cases/{case['id']}/attestation", signed(office))
    assert "ما يقوم مقام توقيعه" not in words_of(await pages.get(f"/desk/cases/{case['id']}"))
