"""The public page on which an applicant follows his own request."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.intake.domain.following import read_fact, read_reference
from services.intake.pace import admit_follower
from services.intake.pages.paths import base_of, go
from services.intake.pages.public.form import in_language, public_page_of, wrong
from services.intake.pages.public.session import (
    FOLLOW,
    Far,
    Following,
    asked_with,
    carry,
    following,
    let_go,
    opened,
    proved,
)
from services.intake.pages.public.shown import CODE_WRONG, case_page, code_page, entry_page
from services.intake.pages.step import LOOK, comes_from_our_page, needed, stale
from services.intake.printed import PDF, PrintedLetter
from services.intake.texts import texts_codes
from services.intake.use_cases.follow_own import (
    AskToFollow,
    ask_to_follow,
    find_own,
    see_own,
    take_follow_code,
    withdraw_own,
)
from services.intake.use_cases.print_receipt import print_followed_receipt
from shared.language import errors
from shared.plumbing import browser
from shared.plumbing.doors import ANYONE, Now, Session, refuses
from shared.plumbing.early import EarlyRoute, before
from shared.plumbing.edge.rates import public_page, sign_in_door
from shared.ui import Form
from shared.ui.language import mark

pages = APIRouter(route_class=EarlyRoute, tags=["pages"])

NO_REFERENCE = mark("Three letters, the year and a number, such as JMM-2026-000042.")
NO_FACT = mark("A mobile, such as 0555000111, or a national id of ten digits.")
NOT_KNOWN = mark("The number of the request and what you gave do not fit together. Look at both, or ask your branch.")
NOT_ANY_MORE = mark("The request can no longer be taken back.")
SHORT_AGAIN = 60


@pages.get("/follow", response_class=HTMLResponse, summary="Follow your own request")
@public_page
async def show_follow(request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
    """Where a browser stands: at the beginning, before the code, or at its one case."""
    found = following(request, now=now)
    asks_anew = "again" in request.query_params or "reference" in request.query_params
    if found is None or (asks_anew and found.far is Far.ASKED):
        return entry_page(request, over=bool(browser.cookie_of(request, FOLLOW)) and found is None)
    if found.far is Far.ASKED:
        return code_page(request)
    try:
        followed = await see_own(found.case_id, association_id=found.association_id, session=session)
    except errors.CaseNotFound:
        return entry_page(request)
    if asks_anew and request.query_params.get("reference", followed.case.reference) != followed.case.reference:
        return entry_page(request)
    return case_page(request, followed, found)


async def _pace(request: Request, body: bytes) -> None:
    """A reference counts for itself, from whichever address. Raises `TooManyRequests`."""
    reference = read_reference(browser.form_fields(body).get("reference", "")[:40])
    if reference is not None:
        await admit_follower(request, reference)


@pages.post("/follow", response_class=HTMLResponse, summary="Say which request, and what only its applicant knows")
@sign_in_door
@before(_pace)
async def post_follow(request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
    """Whatever fits or not: the same answer, by the same work."""
    body = await request.body()
    given = browser.form_fields(body)
    values = {name: given.get(name, "")[:40] for name in ("reference", "fact")}
    if not comes_from_our_page(request, body=body):
        return entry_page(request, form=stale(request, values=values), status=403)
    lacking = [name for name, value in values.items() if not value.strip()]
    if lacking:
        return entry_page(request, form=needed(request, *lacking, values=values), status=422)
    reference, fact = read_reference(values["reference"]), read_fact(values["fact"])
    if reference is None or fact is None:
        unfit = {"reference": NO_REFERENCE} if reference is None else {}
        unfit |= {"fact": NO_FACT} if fact is None else {}
        return entry_page(request, form=wrong(request, values, **unfit), status=422)
    command = AskToFollow(reference=reference, fact=fact)
    if not texts_codes(request):
        return await _plain(request, command, values, session=session, now=now)
    asked, earlier = asked_with(reference, fact), following(request, now=now)
    if earlier is not None and earlier.far is Far.ASKED and earlier.asked == asked and _just_asked(earlier, now):
        # The code of a minute ago is still the one: no second makes it worth nothing.
        return go(base_of(request) + "/follow")
    code = await ask_to_follow(command, session=session, now=now)
    response = go(base_of(request) + "/follow")
    found = Following(far=Far.ASKED, association_id=code.association_id, code_id=code.id, asked=asked, began_at=now)
    carry(request, response, found)
    return response


def _just_asked(found: Following, now: datetime) -> bool:
    return (now - found.began_at).total_seconds() < SHORT_AGAIN


async def _plain(
    request: Request, command: AskToFollow, values: dict[str, str], *, session: Session, now: datetime
) -> Response:
    """Where no codes are sent: what he knows shows where the request is, and lets him do nothing to it."""
    own = await find_own(command, session=session)
    if own is None:
        return entry_page(request, form=wrong(request, values, fact=NOT_KNOWN), status=404)
    response = go(base_of(request) + "/follow")
    carry(request, response, Following(far=Far.PLAIN, association_id=own[0], case_id=own[1], began_at=now))
    return response


@pages.post("/follow/code", response_class=HTMLResponse, summary="Give the code that came to your mobile")
@sign_in_door
async def post_follow_code(request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
    body = await request.body()
    typed = browser.form_fields(body).get("code", "")[:12]
    found = following(request, now=now)
    if found is None or found.far is not Far.ASKED:
        return entry_page(request, status=409, over=True)
    if not comes_from_our_page(request, body=body):
        return code_page(request, form=stale(request), status=403)
    if not typed.strip():
        return code_page(request, form=needed(request, "code"), status=422)
    association_id = found.association_id
    case_id = await take_follow_code(found.code_id, typed, association_id=association_id, session=session, now=now)
    if not case_id:
        return code_page(request, form=Form({}, {"code": LOOK.say(request, CODE_WRONG)}), status=401)
    response = go(base_of(request) + "/follow")
    carry(request, response, Following(far=Far.PROVED, association_id=association_id, case_id=case_id, began_at=now))
    return response


@pages.get("/follow/withdrawal", response_class=HTMLResponse, summary="Take your request back? Asked before it is done")
@public_page
async def show_withdrawal(request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
    found = proved(request, now=now)
    if found is None:
        return entry_page(request, over=True)
    try:
        followed = await see_own(found.case_id, association_id=found.association_id, session=session)
    except errors.CaseNotFound:
        return entry_page(request)
    if not followed.may_withdraw:
        return case_page(request, followed, found)
    service = in_language(request, followed.service.name) if followed.service else followed.case.service_id
    return public_page_of(request, "withdraw.html", pack=followed.pack, case=followed.case, service=service)


@pages.post("/follow/withdrawal", response_class=HTMLResponse, summary="Take your request back")
@refuses(errors.CaseNotFound, errors.StepOutOfOrder)
@sign_in_door
async def post_withdrawal_of_own(request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
    found = proved(request, now=now)
    if found is None or not comes_from_our_page(request, body=await request.body()):
        return entry_page(request, status=403, over=True)
    try:
        followed = await see_own(found.case_id, association_id=found.association_id, session=session)
    except errors.CaseNotFound:
        return entry_page(request, status=404)
    if not followed.may_withdraw:
        again = Form({}, {"": LOOK.say(request, NOT_ANY_MORE)})
        return case_page(request, followed, found, form=again, status=409)
    await withdraw_own(found.case_id, association_id=found.association_id, session=session, now=now)
    return go(base_of(request) + "/follow")


@pages.post(
    "/follow/receipt", response_class=PrintedLetter, responses=PDF, status_code=200, summary="Print your own receipt"
)
@sign_in_door
@refuses(errors.CaseNotFound)
async def post_receipt_of_own(request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
    found = opened(request, now=now)
    if found is None or not comes_from_our_page(request, body=await request.body()):
        return entry_page(request, status=403, over=True)
    runtime = request.app.state.runtime
    letter = await print_followed_receipt(
        found.case_id,
        association_id=found.association_id,
        session=session,
        public_url=runtime.settings.public_url,
        now=now,
    )
    return PrintedLetter(letter, press=runtime.press)


@pages.post("/follow/end", response_class=HTMLResponse, summary="Close the page of your request")
@public_page
async def post_follow_end(request: Request, _: Annotated[None, ANYONE]) -> Response:
    """Nothing is kept of it on the server: without its cookie the browser is anybody's again."""
    response = go(base_of(request) + "/follow")
    let_go(request, response)
    return response
