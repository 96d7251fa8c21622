"""The receipt of a request as a letter in PDF: for the branch to sign and hand over, and for its applicant."""

from typing import Annotated, Self

from fastapi import Request
from pydantic import BeforeValidator, StringConstraints, model_validator

from services.intake.api.views import FRONT, Body, Code, shown
from services.intake.domain.people import Digits, Mobile, western
from services.intake.printed import PDF, PrintedLetter
from services.intake.use_cases.print_receipt import PrintOwnReceipt, PrintReceipt, print_own_receipt, print_receipt
from shared.language import errors
from shared.plumbing.doors import ANYONE, Now, Session, allow, api_router, refuses
from shared.plumbing.edge.rates import sign_in_door
from shared.plumbing.identity import Principal

router = api_router(tag="letters")


def _as_printed(text: object) -> object:
    typed = western(text)
    return typed.upper() if isinstance(typed, str) else typed


class OwnRequest(Body):
    """One's own request: its reference, and the mobile or the national id that its file knows."""

    model_config = shown({"association_id": "jamoum-orphans", "reference": "JMM-2025-000042", "mobile": "0555000111"})

    association_id: Code
    reference: Annotated[Code, BeforeValidator(_as_printed)]
    mobile: Mobile | None = None
    national_id: Annotated[Digits, StringConstraints(pattern=r"^[12][0-9]{9}$")] | None = None

    @model_validator(mode="after")
    def knows_one_thing(self) -> Self:
        if (self.mobile is None) == (self.national_id is None):
            raise ValueError("say the mobile or the national id")
        return self


@router.get(
    "/cases/{case_id}/receipt",
    summary="The receipt of a request, or the notice that it went up, as a letter",
    status_code=200,
    response_class=PrintedLetter,
    responses=PDF,
)
@refuses(errors.CaseNotFound, errors.StepOutOfOrder)
async def get_receipt(
    case_id: str, request: Request, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> PrintedLetter:
    """To be signed and handed over; a code on it leads to where the applicant follows his request."""
    runtime = request.app.state.runtime
    command = PrintReceipt(case_id=case_id, by=who)
    letter = await print_receipt(command, session=session, public_url=runtime.settings.public_url, now=now)
    return PrintedLetter(letter, press=runtime.press)


@router.post(
    "/public/receipt",
    summary="The receipt of one's own request, as a letter",
    status_code=200,
    response_class=PrintedLetter,
    responses=PDF,
)
@sign_in_door
@refuses(errors.AssociationUnknown, errors.CaseNotFound)
async def post_own_receipt(
    own: OwnRequest, request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]
) -> PrintedLetter:
    """By its reference and a second fact, which stand in no address; whatever does not fit gets the same answer."""
    runtime = request.app.state.runtime
    command = PrintOwnReceipt(**own.model_dump())
    letter = await print_own_receipt(command, session=session, public_url=runtime.settings.public_url, now=now)
    return PrintedLetter(letter, press=runtime.press)
