"""The public's page for complaints: without a sign-in, and nothing that was typed is lost."""

from collections.abc import Mapping
from pathlib import Path
from secrets import token_urlsafe
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.feedback.domain.relations import RelationKind
from services.feedback.use_cases.receive_relation import ReceiveRelation, receive_relation
from shared.language import errors
from shared.language.events import Party
from shared.language.roles import APPLICANT
from shared.plumbing import browser
from shared.plumbing.doors import ANYONE, Now, Session, refuses
from shared.plumbing.edge.rates import public_page, sign_in_door
from shared.plumbing.identity import Scope
from shared.plumbing.scoped_session import set_scope
from shared.plumbing.sent_once import SentOnceRoute
from shared.policy.adopted import pack_of, packs
from shared.ui import Form, Look, language_of
from shared.ui.language import mark


class ComplaintRoute(SentOnceRoute):
    """The same complaint, sent again from the same page, is one complaint."""

    async def said(self, request: Request) -> bytes | None:
        """What the form says, and to which browser it was given: without its cookie it is another's page."""
        return f"{browser.cookie_of(request, NONCE)}\n".encode() + (await super().said(request) or b"")


pages = APIRouter(route_class=ComplaintRoute, tags=["pages"])

LOOK = Look(Path(__file__).parent)
NONCE = "athar-complaint"
"""The cookie that binds the form to the browser that was given it."""
LONGEST = {"association_id": 100, "subject": 200, "text": 4000, "contact": 200}
NEEDED = ("association_id", "subject", "text")
REQUIRED = mark("This field is needed.")
TOO_LONG = mark("This is too long.")
UNKNOWN = mark("Choose the association that you complain about.")
STALE = mark("The page was open for long, or was sent from elsewhere. Look at the fields and send again.")


def _page(
    request: Request, *, form: Form | None = None, status: int = 200, wrong: Mapping[str, str] | None = None
) -> HTMLResponse:
    language, nonce = language_of(request).value, browser.cookie_of(request, NONCE) or token_urlsafe(16)
    asked = form or Form({"association_id": request.query_params.get("association_id", "")[:100]})
    said = {name: LOOK.say(request, words) for name, words in (wrong or {}).items()}
    response = LOOK.page(
        request,
        "complaint.html",
        status_code=status,
        form=Form(asked.values, said),
        action=f"{request.scope.get('root_path', '')}/complaint",
        token=browser.form_token(_bound(nonce)),
        associations=[(pack.id, getattr(pack.association.name, language)) for pack in packs().values()],
        longest=LONGEST,
    )
    response.headers["Cache-Control"] = "no-store"
    browser.set_cookie(request, response, NONCE, nonce)
    return response


def _bound(nonce: str) -> str:
    """Told apart from a session's id, which nobody is to have a token for by setting it as his own cookie."""
    return f"complaint\n{nonce}"


@pages.get("/complaint", response_class=HTMLResponse, summary="Complain")
@public_page
async def show_complaint(request: Request, _: Annotated[None, ANYONE]) -> HTMLResponse:
    return _page(request)


@pages.get("/complaint/heard", response_class=HTMLResponse, summary="Your complaint came in")
@public_page
async def show_heard(request: Request, _: Annotated[None, ANYONE]) -> HTMLResponse:
    return LOOK.page(request, "heard.html")


@pages.post("/complaint", response_class=HTMLResponse, summary="Send a complaint")
@refuses(errors.AssociationUnknown)
@sign_in_door
async def post_complaint_page(request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
    body = await request.body()
    given = browser.form_fields(body)
    form = Form(given)
    nonce = browser.cookie_of(request, NONCE)
    try:
        browser.refuse_forged(request, bound_to=_bound(nonce), body=body)
    except errors.RequestForged:
        return _page(request, form=form, status=403, wrong={"": STALE})
    if not nonce:
        return _page(request, form=form, status=403, wrong={"": STALE})
    wrong = {name: REQUIRED for name in NEEDED if not given.get(name, "").strip()}
    wrong |= {name: TOO_LONG for name, most in LONGEST.items() if len(given.get(name, "")) > most}
    if "association_id" not in wrong and given["association_id"] not in packs():
        wrong["association_id"] = UNKNOWN
    if wrong:
        return _page(request, form=form, status=422, wrong=wrong)
    association_id = pack_of(given["association_id"]).id
    await set_scope(session, Scope(association_id=association_id))
    command = ReceiveRelation(
        association_id=association_id,
        kind=RelationKind.COMPLAINT,
        party=Party.BENEFICIARY,
        subject=given["subject"].strip(),
        text=given["text"].strip(),
        contact=given.get("contact", "").strip() or None,
        sensitive=given.get("sensitive") == "yes",
        by=APPLICANT.person_id,
    )
    await receive_relation(command, session=session, now=now)
    heard = f"{request.scope.get('root_path', '')}/complaint/heard"
    # Another page for another complaint: the one that was sent is not sent again by going back.
    response = RedirectResponse(heard, status_code=303, headers={"Cache-Control": "no-store"})
    browser.set_cookie(request, response, NONCE, "", seconds=0)
    return response


PAGES = (pages,)
