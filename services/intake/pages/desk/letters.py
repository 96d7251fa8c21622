"""The register of letters, in and out, each under a running number of its year (`channel.letter`)."""

from datetime import datetime
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.days import check_day_has_come
from services.intake.domain.letters import Direction, RegisteredLetter
from services.intake.domain.search import Sought, what_is_sought
from services.intake.pages.desk.again import shown_again
from services.intake.pages.desk.fields import Fields
from services.intake.pages.desk.leafing import A_PAGE, leaf
from services.intake.pages.desk.on_desk import desk_page, router, who_of
from services.intake.pages.desk.words import DIRECTIONS
from services.intake.pages.paths import address, go
from services.intake.seats import FRONT, REGISTRY
from services.intake.store.desk_lists import page_of_letters
from services.intake.use_cases.register_letter import RegisterLetter, register_letter
from shared.language import errors
from shared.language.calendar import riyadh_day
from shared.plumbing.doors import Now, Session, allow, refuses
from shared.plumbing.identity import Principal
from shared.ui import Form
from shared.ui.language import mark

pages = router()

FIRST_YEAR, LAST_YEAR = 2000, 2200
MOST_NUMBER = 10**9
MOST_ATTACHMENTS = 999
NO_REQUEST = mark("No request that you may see has this number.")
Number = Annotated[int | None, Query(ge=0, le=MOST_NUMBER)]
Way = Annotated[str, Query(max_length=50)]


def _direction(typed: str) -> Direction:
    """What was asked for; letters in where that is nothing that there is."""
    return Direction(typed) if typed in set(Direction) else Direction.INCOMING


@pages.get("/desk/letters", response_class=HTMLResponse, summary="The register of letters, the last number first")
async def show_letters(
    request: Request,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(*REGISTRY)],
    direction: Way = "",
    year: Annotated[str, Query(max_length=10)] = "",
    before: Number = None,
    after: Number = None,
    done: Number = None,
) -> Response:
    """A year that is none is this one. `done` is the number that was given last."""
    way, of = _direction(direction), _year(year, now=now)
    found = await page_of_letters(
        session, scope=who.scope, direction=way, year=of, before=before, after=after, limit=A_PAGE + 1
    )
    asked = {"direction": way.value, "year": str(of)}
    shown = leaf(found, key=lambda letter: letter.number, before=before, after=after, asked=asked)
    this_year = riyadh_day(now).year
    return await desk_page(
        request,
        session,
        who,
        "letters.html",
        letters=shown.rows,
        newer=shown.newer,
        older=shown.older,
        asked=Form(asked),
        directions=[(one.value, words) for one, words in DIRECTIONS.items()],
        years=[(str(one), str(one)) for one in sorted({this_year, this_year - 1, this_year - 2, of}, reverse=True)],
        entered=await _entered(session, done, direction=way, year=of, who=who),
    )


async def _entered(
    session: AsyncSession, number: int | None, *, direction: Direction, year: int, who: Principal
) -> RegisteredLetter | None:
    """The letter that was just entered, whatever came after it: its number is written on the paper."""
    if number is None:
        return None
    found = await page_of_letters(
        session, scope=who.scope, direction=direction, year=year, before=number + 1, after=None, limit=1
    )
    return next((letter for letter in found if letter.number == number), None)


def _year(typed: str, *, now: datetime) -> int:
    year = int(typed) if typed.isascii() and typed.isdigit() else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else riyadh_day(now).year


async def _page(request: Request, session: AsyncSession, form: Form, status: int) -> HTMLResponse:
    who = who_of(request)
    chosen = {"direction": Direction.INCOMING.value, **form.values}
    return await desk_page(
        request,
        session,
        who,
        "letter.html",
        status=status,
        form=Form(chosen, form.errors),
        directions=[(one.value, words) for one, words in DIRECTIONS.items()],
    )


@pages.get("/desk/letters/new", response_class=HTMLResponse, summary="The page to enter a letter in the register")
async def show_new_letter(
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(*FRONT)],  # noqa: ARG001 - the door
    direction: Way = "",
) -> Response:
    return await _page(request, session, Form({"direction": _direction(direction).value}), 200)


@pages.post("/desk/letters", response_class=HTMLResponse, summary="Enter a letter in the register from its page")
@shown_again(_page)
@refuses(errors.CaseNotFound, errors.BranchIsClosed)
async def post_new_letter(
    request: Request, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> Response:
    fields = Fields(request, await request.body())
    direction = fields.choice("direction", [one.value for one in Direction])
    their_number, dated = fields.optional("their_number"), fields.day("dated")
    attachments = fields.whole("attachments", most=MOST_ATTACHMENTS) or 0
    subject, correspondent = fields.text("subject"), fields.text("correspondent")
    case_id = await _case(fields, who=who, session=session)
    fields.check()
    check_day_has_come(dated, field="dated", now=now)
    command = RegisterLetter(
        direction=Direction(direction),
        their_number=their_number,
        dated=dated,
        attachments=attachments,
        subject=subject,
        correspondent=correspondent,
        case_id=case_id,
        by=who,
    )
    entered = await register_letter(command, session=session, now=now)
    return go(address(request, f"/desk/letters?direction={direction}&year={entered.year}&done={entered.number}"))


async def _case(fields: Fields, *, who: Principal, session: AsyncSession) -> str | None:
    """The request that the letter is about, by the number that was typed; told at its field where he sees none."""
    if (typed := fields.optional("case")) is None:
        return None
    sought, reference = what_is_sought(typed)
    case_id = await store.case_named(session, reference) if sought is Sought.REFERENCE else None
    if case_id is not None:
        try:
            return (await store.see_case(session, case_id, scope=who.scope)).id
        except errors.CaseNotFound:
            case_id = None
    fields.say("case", NO_REQUEST)
    return case_id
