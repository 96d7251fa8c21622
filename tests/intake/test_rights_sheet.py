"""What people asked about their data, as a table: as the list, without their words."""

from io import BytesIO
from typing import Any

from services.intake.api.sheets.rights import ASKERS, MANNERS, PROOFS
from services.intake.domain.rights import Asker, Manner, Proof
from shared.language.roles import Role
from shared.sheets import read_rows
from tests.intake.office import NAME, Office

ADMINISTRATOR = {"role": Role.ASSOCIATION_ADMINISTRATOR}


def test_every_word_is_there() -> None:
    assert (set(ASKERS), set(MANNERS), set(PROOFS)) == (set(Asker), set(Manner), set(Proof))


async def test_a_request_is_a_row_without_its_words(office: Office) -> None:
    case = await office.begin()
    subject = (await office.get(f"/api/v1/cases/{case['id']}/applicant"))["subject_id"]
    asked: dict[str, Any] = {"subject_id": subject, "right": "access", "manner": "spoken", "proof": "document_seen"}
    await office.post("/api/v1/personal/requests", asked | {"words": "أريد نسخة من ملفي"})
    for kind in ("xlsx", "csv"):
        path = f"/api/v1/personal/requests.{kind}?only_open=true"
        answer = await office.desk.call("GET", path, **(office.who | ADMINISTRATOR))
        head, row = [row.cells for row in read_rows(BytesIO(answer.content))]
        said = dict(zip(head, row, strict=False))
        assert (said["الحق"], said["كيف طُلب"], said["من طلبه"]) == ("اطلاع", "شفهيًا", "صاحب البيانات")
        assert [word for word in (NAME, "نسخة من ملفي") if word in str(row)] == []
