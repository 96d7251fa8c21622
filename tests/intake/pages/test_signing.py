"""The desk's page of the attestation, where somebody cannot sign himself (`step.attestation`)."""

from base64 import b64encode
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from services.intake.domain.attesting import Manner
from shared.language.case_lifecycle import CaseStatus
from tests.contracts.problem import everything_written
from tests.harness.desk import Desk
from tests.intake.office import NAME, Office
from tests.intake.pages.clerk import Pages, errors_of, main_of, value_of, words_of
from tests.intake.test_attesting import drawing, signatures

WITNESS = "سعد بن محمد العتيبي"


@pytest.fixture
def files(intake: Desk, tmp_path: Path) -> None:
    """Where the drawings are kept."""
    intake.runtime.settings = intake.runtime.settings.model_copy(update={"files_folder": tmp_path / "files"})


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


@pytest.mark.usefixtures("files")
async def test_a_signature_drawn_on_the_desks_device_is_kept_and_shown(office: Office, pages: Pages) -> None:
    case = await office.walk(to=CaseStatus.COMPLETE)
    page = await pages.get(f"/desk/cases/{case['id']}/attestation")
    assert "data-sign" in page.text
    answer = await pages.post(f"/desk/cases/{case['id']}/attestation", signed(office, drawing=drawing()))
    assert answer.status_code == 303, answer.text
    (row,) = await signatures(office.desk)
    assert (row.manner, row.signed_name) == (Manner.DRAWN, NAME)
    shown = await pages.get(f"/desk/cases/{case['id']}")
    address = f"/api/v1/cases/{case['id']}/signature"
    assert address in main_of(shown)
    picture = await office.desk.call("GET", address, **office.who)
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    assert Image.open(BytesIO(picture.content)).size == (600, 200)


@pytest.mark.usefixtures("files")
async def test_what_is_no_drawing_is_refused_beside_it_and_nothing_is_signed(office: Office, pages: Pages) -> None:
    case = await office.walk(to=CaseStatus.COMPLETE)
    for bad in ("data:image/png;base64,!!", "data:image/png;base64," + b64encode(b"<script>").decode()):
        page = await pages.post(f"/desk/cases/{case['id']}/attestation", signed(office, drawing=bad))
        assert (page.status_code, errors_of(page)) == (422, ["drawing"])
        assert value_of(page, "signed_name") == NAME
    assert await signatures(office.desk) == []


@pytest.mark.usefixtures("files")
async def test_who_typed_his_name_has_no_drawing_to_show(office: Office, pages: Pages) -> None:
    case = await office.walk(to=CaseStatus.COMPLETE)
    await pages.post(f"/desk/cases/{case['id']}/attestation", signed(office))
    refusal = await office.desk.call("GET", f"/api/v1/cases/{case['id']}/signature", **office.who)
    assert (refusal.status_code, refusal.json()["code"]) == (404, "signature_not_drawn")
