"""The page on which an applicant signs for the truth of his data, from where he is (`step.attestation`)."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.intake.domain.attesting import Manner, Signing
from services.intake.pages.drawing import DRAWING_UNFIT, drawing_in, look_at_drawing
from services.intake.pages.paths import base_of, go
from services.intake.pages.public.form import in_language, public_page_of, wrong
from services.intake.pages.public.session import Following, proved
from services.intake.pages.public.shown import CODE_WRONG, case_page, entry_page
from services.intake.pages.step import LOOK, comes_from_our_page, needed, refused, stale
from services.intake.use_cases.attest_own import AttestOwn, ask_to_attest, attest_own
from services.intake.use_cases.follow_own import Followed, see_own
from shared.language import errors
from shared.plumbing import browser
from shared.plumbing.doors import ANYONE, Now, Session, refuses
from shared.plumbing.early import EarlyRoute, before
from shared.plumbing.edge.rates import public_page, sign_in_door
from shared.ui import Form
from shared.ui.language import mark

pages = APIRouter(route_class=EarlyRoute, tags=["pages"])

TICK = mark("Read this statement, and tick it if you agree.")
NAME_OR_DRAWING = mark("Write your name, or draw your signature.")
CHANGED = mark("The request is not as it was when you asked for the code. Look at it, and sign again.")
RAISED = (errors.CaseNotFound, errors.AttestationNotAdopted, errors.StatementsNotAccepted, errors.StepOutOfOrder)


def _sign_page(request: Request, followed: Followed, *, form: Form | None = None, status: int = 200) -> HTMLResponse:
    text = followed.pack.attestation
    if text is None:
        raise errors.NotFound
    return public_page_of(
        request,
        "attest.html",
        pack=followed.pack,
        form=form,
        status=status,
        case=followed.case,
        version=text.version,
        text=in_language(request, text.text),
        statements=[in_language(request, statement) for statement in text.statements],
        answers=_answers(request, followed),
        # Where no files are kept, nobody is asked to draw one.
        draws=request.app.state.runtime.settings.files_folder is not None,
    )


def _answers(request: Request, followed: Followed) -> list[tuple[str, str]]:
    """What he signs for, as he gave it."""
    if followed.service is None:
        return []
    yes_no = {True: LOOK.say(request, mark("Yes")), False: LOOK.say(request, mark("No"))}
    given = followed.case.answers
    rows = []
    for field in followed.service.form:
        value = given.get(field.id)
        if value not in {None, ""}:
            shown = yes_no[value] if isinstance(value, bool) else str(value)
            rows.append((in_language(request, field.name), shown))
    return rows


def _code_page(
    request: Request, followed: Followed, given: dict[str, str], *, code_id: str, form: Form | None = None, status: int
) -> HTMLResponse:
    """The page of the code. What he signed goes along as it was sent: the code opens nothing else."""
    kept = {
        name: value
        for name, value in given.items()
        if name in {"version", "signed_name", "drawing"} or name.startswith("statement_")
    }
    return public_page_of(
        request, "attest_code.html", pack=followed.pack, form=form, status=status, kept=kept | {"code_id": code_id}
    )


def _command(given: dict[str, str], found: Following, *, statements: int, drawing: bytes | None) -> AttestOwn:
    return AttestOwn(
        association_id=found.association_id,
        case_id=found.case_id,
        text_version=given.get("version", "")[:100],
        ticked=frozenset(n for n in range(statements) if given.get(f"statement_{n}") == "yes"),
        signing=Signing(
            manner=Manner.DRAWN if drawing else Manner.TYPED, signed_name=given.get("signed_name", "").strip()[:200]
        ),
        drawing=drawing,
    )


async def _own(request: Request, session: Session, now: Now) -> tuple[Following, Followed] | Response:
    """The request that he signs for; else the page where he stands."""
    found = proved(request, now=now)
    if found is None:
        return entry_page(request, over=True)
    try:
        followed = await see_own(found.case_id, association_id=found.association_id, session=session)
    except errors.CaseNotFound:
        return entry_page(request)
    if not followed.may_attest:
        return case_page(request, followed, found)
    return found, followed


@pages.get("/follow/attestation", response_class=HTMLResponse, summary="Read what you sign for, and sign")
@public_page
async def show_attestation(request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
    own = await _own(request, session, now)
    return own if isinstance(own, Response) else _sign_page(request, own[1])


@pages.post("/follow/attestation", response_class=HTMLResponse, summary="Sign, and have the code sent that confirms it")
@refuses(*RAISED)
@sign_in_door
async def post_own_attestation(request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
    body = await request.body()
    given = browser.form_fields(body)
    own = await _own(request, session, now)
    if isinstance(own, Response):
        return own
    found, followed = own
    if not comes_from_our_page(request, body=body):
        return _sign_page(request, followed, form=stale(request, values=given), status=403)
    text = followed.pack.attestation
    statements = len(text.statements) if text else 0
    unfit = {f"statement_{n}": TICK for n in range(statements) if given.get(f"statement_{n}") != "yes"}
    drawing = None
    try:
        drawing = drawing_in(given)
    except ValueError:
        unfit["drawing"] = DRAWING_UNFIT
        given["drawing"] = ""
    command = _command(given, found, statements=statements, drawing=drawing)
    if drawing is None and not command.signing.signed_name and "drawing" not in unfit:
        unfit["signed_name"] = NAME_OR_DRAWING
    if unfit:
        return _sign_page(request, followed, form=wrong(request, given, **unfit), status=422)
    try:
        code_id = await ask_to_attest(command, session=session, now=now)
    except (errors.TooManyRequests, errors.StatementsNotAccepted) as refusal:
        # Refused before anything was written: another text is in force, or a code was sent a moment ago.
        again = refused(request, refusal, beside="", values=given)
        return _sign_page(request, followed, form=again, status=refusal.status)
    return _code_page(request, followed, given, code_id=code_id, status=200)


@pages.post("/follow/attestation/code", response_class=HTMLResponse, summary="Confirm your signature with the code")
@refuses(*RAISED)
@sign_in_door
@before(look_at_drawing)
async def post_own_attestation_code(
    request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]
) -> Response:
    body = await request.body()
    given = browser.form_fields(body)
    own = await _own(request, session, now)
    if isinstance(own, Response):
        return own
    found, followed = own
    if not comes_from_our_page(request, body=body):
        return _sign_page(request, followed, form=stale(request, values=given), status=403)
    clean = request.state.before
    if isinstance(clean, errors.Refusal):
        values = given | {"drawing": ""}
        return _sign_page(request, followed, form=wrong(request, values, drawing=DRAWING_UNFIT), status=422)
    code_id, typed = given.get("code_id", "")[:50], given.get("code", "")[:12]
    if not typed.strip():
        return _code_page(request, followed, given, code_id=code_id, form=needed(request, "code"), status=422)
    text = followed.pack.attestation
    drawing = drawing_in(given)
    command = _command(given, found, statements=len(text.statements) if text else 0, drawing=drawing)
    try:
        signed = await attest_own(
            command,
            code_id=code_id,
            typed=typed,
            clean_drawing=clean,
            cabinet=request.app.state.runtime.cabinet if clean is not None else None,
            session=session,
            now=now,
        )
    except errors.StatementsNotAccepted:
        again = Form(given, {"": LOOK.say(request, CHANGED)})
        return _sign_page(request, followed, form=again, status=409)
    if not signed:
        again = Form({}, {"code": LOOK.say(request, CODE_WRONG)})
        return _code_page(request, followed, given, code_id=code_id, form=again, status=401)
    return go(base_of(request) + "/follow")
