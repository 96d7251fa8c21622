"""The applicant's signature for his data, and what stands for it where he cannot sign (`step.attestation`)."""

from services.intake.domain.attesting import Manner, Signing
from services.intake.pages.desk.acts.act import Act, Facts, Sent
from services.intake.pages.desk.fields import TEXT, Fields
from services.intake.pages.desk.on_desk import OnDesk
from services.intake.pages.desk.words import MANNERS
from services.intake.pages.drawing import DRAWING_UNFIT, look_at_drawing
from services.intake.use_cases.attest_case import AttestCase, attest_case
from shared.language import errors
from shared.language import events as e
from shared.ui.language import mark


def signing_in(fields: Fields, *, drawn: object) -> tuple[str, Signing]:
    """The version of the text, and the signature as it was typed; what was drawn was looked at."""
    version, name = fields.text("text_version", longest=100), fields.text("signed_name")
    stands = fields.optional("manner") and fields.choice("manner", MANNERS)
    if isinstance(drawn, errors.Refusal):
        fields.say("drawing", DRAWING_UNFIT)
        drawn = None
    signing = Signing(
        manner=Manner(stands) if stands in MANNERS else Manner.DRAWN if drawn else Manner.TYPED,
        signed_name=name,
        witness=fields.optional("witness"),
        guardian=fields.optional("guardian"),
        kinship=fields.optional("kinship"),
        reason=fields.optional("reason", longest=TEXT),
    )
    fields.check()
    return version, signing


async def _sign(sent: Sent) -> str:
    fields, drawing = sent.fields, sent.looked_at
    version, signing = signing_in(fields, drawn=drawing)
    command = AttestCase(
        case_id=sent.case_id,
        text_version=version,
        accepted_statements=len(fields.chosen("accepted_statements")),
        signing=signing,
        by=sent.who,
    )
    cabinet = fields.request.app.state.runtime.cabinet if drawing else None
    await attest_case(command, drawing=drawing, cabinet=cabinet, session=sent.session, now=sent.now)
    return "/referral"


async def _text(desk: OnDesk) -> Facts:
    text = desk.pack.attestation
    if text is None:
        return {"text": None, "statements": [], "version": "", "manners": [], "texts": False}
    statements = [(str(place), desk.words(words)) for place, words in enumerate(text.statements)]
    manners = [(manner.value, desk.say(words)) for manner, words in MANNERS.items()]
    return {
        "text": desk.words(text.text),
        "statements": statements,
        "version": text.version,
        "manners": manners,
        "texts": bool(desk.person.mobile),
        "by_code": desk.at("/attestation/code"),
        # Where no files are kept, nobody is asked to draw.
        "draws": desk.request.app.state.runtime.settings.files_folder is not None,
    }


ATTESTATION = Act(
    path="attestation",
    words=mark("Take the attestation"),
    done=mark("The applicant's attestation is taken."),
    icon="signature",
    summary="Take the applicant's signature for his data",
    moves=e.CaseAttested,
    offered=lambda desk: desk.pack.attestation is not None,
    do=_sign,
    looks=look_at_drawing,
    facts=_text,
    refusals=(errors.AttestationNotAdopted, errors.StatementsNotAccepted, errors.SignatureIncomplete),
)
