"""A signature that was drawn, as the page of the applicant leaves it."""

from base64 import b64encode
from io import BytesIO

from services.intake.domain.case import Case
from services.intake.domain.desk import Attestation
from tests.edge.papers import image
from tests.intake.office import NAME, Office


def drawn(case: Case, office: Office) -> Attestation:
    """The applicant's signature, drawn."""
    now = office.desk.clock.now()
    kept = office.desk.runtime.cabinet.keep(BytesIO(image()), now=now)
    return Attestation(
        case_id=case.id,
        subject_id=case.subject_id,
        text_version="1",
        data_digest="seed",
        signed_name=NAME,
        taken_by="huda",
        signed_at=now,
        drawing_place=kept.place,
        drawing_digest=kept.digest,
        drawing_key=b64encode(kept.key).decode(),
    )
