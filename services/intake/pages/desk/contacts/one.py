"""One first contact: what was said, the call that was promised, and the way to a request."""

from typing import Annotated

from fastapi import Path, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.contacts import ContactWords, FirstContact
from services.intake.pages.desk.again import shown_again
from services.intake.pages.desk.arrived import rows_of
from services.intake.pages.desk.on_desk import desk_page, now_of, router, who_of
from services.intake.pages.desk.words import CHANNELS
from services.intake.pages.paths import address, go
from services.intake.seats import FRONT
from services.intake.store.contacts import find_letter, see_contact
from services.intake.use_cases.take_contact import note_call
from shared.language import errors
from shared.plumbing.doors import Now, Session, allow, refuses
from shared.plumbing.identity import Principal
from shared.policy.adopted import packs
from shared.ui import Form, language_of
from shared.ui.language import mark
from shared.ui.signed_in import name_of_branch

pages = router()

ContactId = Annotated[str, Path(min_length=1, max_length=100)]
TOLD = {
    "taken": mark("The contact is kept."),
    "called": mark("It is noted that he was called back."),
}


async def _page(request: Request, session: AsyncSession, form: Form, status: int, *, told: str = "") -> HTMLResponse:
    who = who_of(request)
    contact = await see_contact(session, str(request.path_params["contact_id"]), scope=who.scope)
    said = _said(contact)
    letter = await find_letter(session, contact.letter_id) if contact.letter_id else None
    return await desk_page(
        request,
        session,
        who,
        "contacts/one.html",
        status=status,
        form=form,
        told=told,
        contact=contact,
        said=said,
        asked_rows=rows_of(request, said.arrival) if said else [],
        channel=CHANNELS[contact.channel],
        branch=name_of_branch(packs().get(who.association_id), contact.branch_id, language=language_of(request)),
        letter_number=letter.shown_number if letter else None,
        waits=contact.call_back_at is not None and contact.called_back_at is None,
        late=contact.call_back_at is not None and contact.call_back_at < now_of(request),
    )


def _said(contact: FirstContact) -> ContactWords | None:
    """What was said, while it is no request and whoever it was is not erased."""
    if contact.words is None or contact.case_id is not None:
        return None
    try:
        return contact.open_words()
    except errors.PersonErased:
        return None


@pages.get("/desk/contacts/{contact_id}", response_class=HTMLResponse, summary="A first contact, with what was said")
@refuses(errors.ContactNotFound)
async def show_contact_page(
    contact_id: ContactId,  # noqa: ARG001 - stands in the address
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(*FRONT)],  # noqa: ARG001 - the door
    done: Annotated[str, Query(max_length=50)] = "",
) -> Response:
    return await _page(request, session, Form(), 200, told=TOLD.get(done, ""))


@pages.post(
    "/desk/contacts/{contact_id}/call",
    response_class=HTMLResponse,
    summary="Say on its page that he was called back",
)
@shown_again(_page)
@refuses(errors.ContactNotFound, errors.NobodyToCall)
async def post_contact_called(
    contact_id: ContactId, request: Request, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> Response:
    await note_call(contact_id, by=who, session=session, now=now)
    return go(address(request, f"/desk/contacts/{contact_id}?done=called"))
