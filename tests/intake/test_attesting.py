"""The applicant signs for his data: from where he is, or at the desk where he cannot (`step.attestation`)."""

from base64 import b64decode, b64encode
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from sqlmodel import select

from services.intake.domain.applicant_codes import BETWEEN, LASTS
from services.intake.domain.attesting import Manner, Signing, bound_to, digest_of_text
from services.intake.domain.desk import Attestation
from services.intake.store import named_places
from shared.language.case_lifecycle import CaseStatus
from shared.language.events import ApplicantCodeMade, CaseAttested, CodePurpose
from shared.plumbing.scope import EVERYTHING
from shared.plumbing.seal import unseal
from shared.policy.parts import AttestationText
from tests.contracts.problem import everything_written
from tests.harness.desk import Desk
from tests.intake.office import NAME, Office
from tests.intake.test_following import newest, prove, visitor
from tests.intake.visitor import Visitor

__all__ = ["visitor"]

S = CaseStatus
WITNESS = "سعد بن محمد العتيبي"
OF_ANOTHER = [
    {"manner": "witness", "witness": WITNESS, "reason": "لا يكتب"},
    {"manner": "thumb", "witness": WITNESS, "reason": "لا يكتب"},
    {"manner": "guardian", "guardian": WITNESS, "kinship": "أخ", "reason": "قاصر"},
]


@pytest.fixture(autouse=True)
def files(intake: Desk, tmp_path: Path) -> None:
    """Where the drawings are kept."""
    intake.runtime.settings = intake.runtime.settings.model_copy(update={"files_folder": tmp_path / "files"})


def ticks(office: Office) -> dict[str, str]:
    text = office.pack.attestation
    assert text is not None
    return {f"statement_{n}": "yes" for n in range(len(text.statements))}


def drawing() -> str:
    out = BytesIO()
    Image.new("RGB", (600, 200), "white").save(out, "PNG")
    return "data:image/png;base64," + b64encode(out.getvalue()).decode()


async def signatures(desk: Desk) -> list[Attestation]:
    async with desk.runtime.database.read(scope=EVERYTHING) as session:
        return list((await session.exec(select(Attestation))).all())


async def begin(office: Office, visitor: Visitor) -> tuple[dict[str, Any], httpx.Response]:
    """A complete request, and the page on which its applicant signs."""
    case = await office.walk(to=S.COMPLETE)
    page = await prove(visitor, office, case["reference"])
    assert "/follow/attestation" in page.text
    return case, await visitor.open("/follow/attestation")


async def sign(office: Office, visitor: Visitor, page: httpx.Response, **fields: str) -> httpx.Response:
    """The page of the code."""
    answer = await visitor.send(page, "/follow/attestation", **(ticks(office) | {"signed_name": NAME} | fields))
    assert answer.status_code == 200, answer.text
    return answer


async def test_he_signs_the_very_text_from_where_he_is_with_a_code(office: Office, visitor: Visitor) -> None:
    """`step.attestation`, `goal.from_where_he_is`."""
    case, page = await begin(office, visitor)
    text = office.pack.attestation
    assert text is not None
    assert text.text.ar in page.text
    assert all(statement.ar in page.text for statement in text.statements)
    assert "حاجة" in page.text, "he sees what he signs for"
    code_page = await sign(office, visitor, page)
    made = [event for event in await office.desk.told(ApplicantCodeMade) if isinstance(event, ApplicantCodeMade)]
    assert made[-1].purpose is CodePurpose.ATTEST
    step = await visitor.send(code_page, "/follow/attestation/code", code=unseal(made[-1].code))
    assert (step.status_code, step.headers["location"]) == (303, "/follow"), step.text
    assert (await office.now(case))["status"] == "attested"
    (row,) = await signatures(office.desk)
    assert (row.manner, row.signed_name, row.taken_by) == (Manner.TYPED, NAME, "applicant")
    assert row.text_digest == digest_of_text(text)
    assert row.code_bound_to is not None
    (told,) = await office.desk.told(CaseAttested)
    assert isinstance(told, CaseAttested)
    assert told.data_digest == row.data_digest
    await office.step(case, "referral")


async def test_every_statement_is_ticked_and_the_others_stay_as_they_were(office: Office, visitor: Visitor) -> None:
    _, page = await begin(office, visitor)
    some = ticks(office) | {"signed_name": NAME}
    del some["statement_1"]
    refused = await visitor.send(page, "/follow/attestation", **some)
    assert refused.status_code == 422
    assert 'id="e-statement_1"' in refused.text
    form = refused.text.partition("<main")[2].partition("</main>")[0]
    assert form.count(" checked") == len(some) - 1
    assert f'value="{NAME}"' in refused.text


async def test_a_name_or_a_drawing_is_needed(office: Office, visitor: Visitor) -> None:
    _, page = await begin(office, visitor)
    refused = await visitor.send(page, "/follow/attestation", **ticks(office), signed_name=" ")
    assert refused.status_code == 422
    assert 'id="e-signed_name"' in refused.text


async def test_a_drawn_signature_is_kept_as_a_file(office: Office, visitor: Visitor) -> None:
    _, page = await begin(office, visitor)
    code_page = await sign(office, visitor, page, drawing=drawing(), signed_name="")
    step = await visitor.send(code_page, "/follow/attestation/code", code=await newest(office.desk))
    assert step.status_code == 303, step.text
    (row,) = await signatures(office.desk)
    assert (row.manner, row.signed_name) == (Manner.DRAWN, NAME), "the name of his file stands beside it"
    assert row.drawing_place
    assert row.drawing_key
    cabinet = office.desk.runtime.cabinet
    kept = b"".join(cabinet.open(row.drawing_place, key=b64decode(row.drawing_key)))
    assert Image.open(BytesIO(kept)).size == (600, 200)
    async with office.desk.runtime.database.read(scope=EVERYTHING) as session:
        assert await named_places(session, [row.drawing_place, "x"]) == {row.drawing_place}, "no sweep takes it away"


@pytest.mark.parametrize("bad", ["x", "data:image/png;base64,!!", "data:text/html;base64,PGI+"])
async def test_what_is_no_drawing_is_refused_and_the_name_stays(office: Office, visitor: Visitor, bad: str) -> None:
    _, page = await begin(office, visitor)
    refused = await visitor.send(page, "/follow/attestation", **ticks(office), signed_name=NAME, drawing=bad)
    assert refused.status_code == 422
    assert f'value="{NAME}"' in refused.text


async def test_what_only_says_that_it_is_a_picture_is_not_kept(office: Office, visitor: Visitor) -> None:
    _, page = await begin(office, visitor)
    false = "data:image/png;base64," + b64encode(b"<script>").decode()
    code_page = await sign(office, visitor, page, drawing=false)
    refused = await visitor.send(code_page, "/follow/attestation/code", code=await newest(office.desk))
    assert refused.status_code == 422
    assert await signatures(office.desk) == []


async def test_the_code_signs_what_it_was_sent_for_and_nothing_else(office: Office, visitor: Visitor) -> None:
    """Bound to the digest of text, data and signature."""
    case, page = await begin(office, visitor)
    code_page = await sign(office, visitor, page)
    code = await newest(office.desk)
    other = await visitor.send(code_page, "/follow/attestation/code", code=code, signed_name="غيره")
    assert other.status_code == 401
    await office.step(case, "documents", office.paper(office.service.documents[0].kind))
    changed = await visitor.send(code_page, "/follow/attestation/code", code=code)
    assert changed.status_code == 401, "his papers are others now"
    assert await signatures(office.desk) == []


async def test_a_changed_request_needs_a_new_attestation(office: Office, visitor: Visitor) -> None:
    case, page = await begin(office, visitor)
    code_page = await sign(office, visitor, page)
    await visitor.send(code_page, "/follow/attestation/code", code=await newest(office.desk))
    assert (await office.now(case))["status"] == "attested"
    await office.step(case, "documents", office.paper(office.service.documents[0].kind))
    await office.refuse_step(case, "referral", status=409, code="data_changed", clause="step.attestation")
    office.desk.clock.forward(BETWEEN)
    page = await visitor.open("/follow")
    assert "/follow/attestation" in page.text
    code_page = await sign(office, visitor, await visitor.open("/follow/attestation"))
    step = await visitor.send(code_page, "/follow/attestation/code", code=await newest(office.desk))
    assert step.status_code == 303, step.text
    assert "/follow/attestation" not in (await visitor.open("/follow")).text
    await office.step(case, "referral")


async def test_a_code_to_sign_lasts_five_minutes_and_opens_no_page(office: Office, visitor: Visitor) -> None:
    _, page = await begin(office, visitor)
    code_page = await sign(office, visitor, page)
    code = await newest(office.desk)
    again = await visitor.send(page, "/follow/attestation", **ticks(office), signed_name=NAME)
    assert again.status_code == 429, "the first is on its way"
    office.desk.clock.forward(LASTS)
    late = await visitor.send(code_page, "/follow/attestation/code", code=code)
    assert late.status_code == 401
    office.desk.clock.forward(BETWEEN)
    second = await sign(office, visitor, page)
    step = await visitor.send(second, "/follow/attestation/code", code=await newest(office.desk))
    assert step.status_code == 303


async def test_nobody_signs_without_the_code_to_follow(office: Office, visitor: Visitor) -> None:
    case = await office.walk(to=S.COMPLETE)
    visitor.client.cookies.clear()
    assert case["reference"] not in (await visitor.open("/follow/attestation")).text


@pytest.mark.parametrize("said", OF_ANOTHER, ids=lambda said: said["manner"])
async def test_who_cannot_sign_has_another_stand_for_it_by_name_and_with_a_reason(
    office: Office, said: dict[str, str]
) -> None:
    """`step.attestation`, for those who cannot."""
    case = await office.walk(to=S.COMPLETE)
    for lacking in set(said) - {"manner"}:
        some = {name: value for name, value in said.items() if name != lacking}
        await office.refuse_step(
            case,
            "attestation",
            office.signature(**some),
            status=422,
            code="signature_incomplete",
            field=lacking,
            clause="step.attestation",
        )
    await office.step(case, "attestation", office.signature(**said))
    (row,) = await signatures(office.desk)
    assert row.manner == said["manner"]
    assert WITNESS in {row.witness, row.guardian}
    assert WITNESS not in "\n".join(everything_written(office.desk)), "under the applicant's key"


async def test_a_signature_as_before_still_goes(office: Office) -> None:
    case = await office.walk(to=S.ATTESTED)
    (row,) = await signatures(office.desk)
    assert (row.manner, row.case_id) == (Manner.TYPED, case["id"])


def test_any_other_word_is_another_text(office: Office) -> None:
    text = office.pack.attestation
    assert isinstance(text, AttestationText)
    other = text.model_copy(update={"statements": text.statements[:-1]})
    assert digest_of_text(other) != digest_of_text(text)
    signing = Signing(signed_name=NAME)
    bounds = {
        bound_to(text, data_digest="1", signing=signing, drawing=None),
        bound_to(other, data_digest="1", signing=signing, drawing=None),
        bound_to(text, data_digest="2", signing=signing, drawing=None),
        bound_to(text, data_digest="1", signing=signing, drawing=b"x"),
        bound_to(text, data_digest="1", signing=Signing(signed_name="غيره"), drawing=None),
    }
    assert len(bounds) == 5
