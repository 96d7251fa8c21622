"""What may be done to a case at the desk. A new act is an `Act`, a template of its path, and its place in `ACTS`."""

from services.intake.pages.desk.acts.act import Act, add_doors
from services.intake.pages.desk.acts.after_acceptance import BENEFIT, CLOSING, DELIVERY, REGISTRATION, WITHDRAWAL
from services.intake.pages.desk.acts.attestation import ATTESTATION
from services.intake.pages.desk.acts.handing import CALLING_OFF, CODE, COLLECTOR, COLLECTOR_REVOCATION, PLAN
from services.intake.pages.desk.acts.keeping import ASSIGNMENT, TRANSFER
from services.intake.pages.desk.acts.parting import PART
from services.intake.pages.desk.acts.way_up import (
    APPEAL,
    CHECK,
    CLARIFICATIONS,
    DOCUMENTS,
    RECEPTION,
    REFERRAL,
)
from services.intake.pages.desk.on_desk import router
from shared.ui.language import mark

ACTS: tuple[Act, ...] = (
    RECEPTION,
    REFERRAL,
    ATTESTATION,
    REGISTRATION,
    PLAN,
    PART,
    DELIVERY,
    BENEFIT,
    CHECK,
    DOCUMENTS,
    CLARIFICATIONS,
    APPEAL,
    COLLECTOR,
    COLLECTOR_REVOCATION,
    CODE,
    CALLING_OFF,
    ASSIGNMENT,
    TRANSFER,
    CLOSING,
    WITHDRAWAL,
)
"""In the order in which they are offered: what leads on comes first."""


TOLD = {act.path: act.done for act in ACTS} | {
    "new": mark("The request is begun, as a draft."),
    "visit": mark("The request is handed in. Its papers are checked once their pictures are here."),
    "file": mark("The picture of the paper is kept."),
    "answer": mark("The answer is in the thread."),
    "arrival": mark("How he came is written down."),
    "on-file": mark("The papers on file serve this request."),
    "further": mark("The further question is with the researcher."),
    "consulted": mark("The file notes that the tool was consulted."),
    "proof": mark("The picture of the proof is kept."),
}


def told_by(path: str) -> str:
    """What was just done has to tell; nothing for what is no act."""
    return TOLD.get(path, "")


pages = router()
for _act in ACTS:
    add_doors(pages, _act, told=told_by)
