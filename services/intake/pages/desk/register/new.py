"""A person is registered: looked for first, on the same page; the proof of the search goes along in the form."""

from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.register.search_proof import prove_search
from services.intake.domain.search import Sought, what_is_sought
from services.intake.pages.desk.again import shown_again
from services.intake.pages.desk.fields import NOT_OFFERED, Fields
from services.intake.pages.desk.on_desk import desk_page, now_of, router, who_of
from services.intake.pages.desk.people import MOST, SHORTEST, branches_named, rows_of
from services.intake.pages.desk.register.said import digits_of, email_in, particulars_in
from services.intake.pages.desk.register.words import MARITAL
from services.intake.pages.desk.words import LANGUAGES
from services.intake.pages.paths import address, anew, go
from services.intake.pages.step import LOOK
from services.intake.seats import FRONT
from services.intake.use_cases.find_people import find_people
from services.intake.use_cases.register.register_person import Outcome, Registered, RegisterPerson, register_person
from shared.language import errors
from shared.plumbing.doors import Now, Session, allow, refuses
from shared.plumbing.identity import Principal
from shared.ui import Form

pages = router()

LONGEST_NAME, LONGEST_PROOF = 2000, 4000
UNFIT = (
    errors.NationalIdWrong,
    errors.NameUnwritable,
    errors.NameTooLong,
    errors.MobileWrong,
    errors.IbanWrong,
    errors.ShortAddressWrong,
    errors.BirthdayWrong,
)
SOUGHT = {Sought.NATIONAL_ID: "national_id", Sought.MOBILE: "mobile", Sought.NAME: "name"}
"""Where what was sought is written already."""


async def _page(
    request: Request, session: AsyncSession, form: Form, status: int, *, met: Registered | None = None, q: str = ""
) -> HTMLResponse:
    """The form; above it whom the search found, so that nobody gets a second file unseen."""
    who = who_of(request)
    found = await find_people(q, scope=who.scope, limit=MOST, session=session) if len(q) >= SHORTEST else None
    elsewhere = met.branches if met is not None else (found.elsewhere if found else [])
    return await desk_page(
        request,
        session,
        who,
        "people/new.html",
        status=status,
        form=form,
        rows=rows_of(request, who, found),
        looked=bool(q),
        elsewhere=branches_named(request, who, elsewhere),
        met=met is not None,
        asks_why=met is not None or bool(form.value("here_because")),
        marital=[(code.value, LOOK.say(request, words)) for code, words in MARITAL.items()],
        languages=[(code, LOOK.say(request, words)) for code, words in LANGUAGES],
    )


@pages.get("/desk/register", response_class=HTMLResponse, summary="Register a person: look for him first")
async def show_register(
    request: Request,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(*FRONT)],
    q: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    q = q.strip()
    typed: dict[str, Any] = {"language": "ar", "search": prove_search(q, scope=who.scope, now=now) or "" if q else ""}
    if q and (field := SOUGHT.get(what_is_sought(q)[0])):
        typed[field] = q
    return await _page(request, session, Form(typed), 200, q=q)


async def _again(request: Request, session: AsyncSession, form: Form, status: int) -> HTMLResponse:
    return await _page(request, session, form, status)


async def _searched(request: Request, session: AsyncSession, fields: Fields) -> HTMLResponse:
    """Look for him by the number that was typed; all else stays in the form."""
    number = digits_of(fields.text("national_id"))
    fields.check()
    proof = prove_search(number, scope=who_of(request).scope, now=now_of(request)) or ""
    return await _page(request, session, Form(fields.values | {"search": proof}), 200, q=number)


@pages.post("/desk/register", response_class=HTMLResponse, summary="Register a person who was looked for first")
@shown_again(_again)
@refuses(errors.SearchFirst, errors.BranchIsClosed, *UNFIT)
async def post_register(
    request: Request, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> Response:
    fields = Fields(request, await request.body())
    if fields.chosen("step") == {"search"}:
        return anew(await _searched(request, session, fields))
    met = await register_person(_command(fields, who=who), session=session, now=now)
    if met.outcome is Outcome.ELSEWHERE or met.person is None:
        # What was typed is kept already; to go on as well, somebody says why he comes here.
        return await _page(request, session, Form(fields.values), 200, met=met)
    return go(address(request, f"/desk/people/{met.person.id}?done={met.outcome.value}"))


def _command(fields: Fields, *, who: Principal) -> RegisterPerson:
    """Raises `FieldsWrong` with all that is wrong at once."""
    national_id, name = fields.text("national_id"), fields.text("name", longest=LONGEST_NAME)
    mobile, email, particulars = fields.optional("mobile"), email_in(fields, "email"), particulars_in(fields)
    language = fields.optional("language") or "ar"
    if language not in dict(LANGUAGES):
        fields.say("language", NOT_OFFERED)
    here_because = fields.optional_reason("here_because")
    search = fields.optional("search", longest=LONGEST_PROOF)
    fields.check()
    return RegisterPerson(
        national_id=digits_of(national_id),
        name=name,
        mobile=mobile,
        email=email,
        language=language,
        particulars=particulars,
        search=search,
        here_because=here_because,
        scope=who.scope,
        by=who.person_id,
    )
