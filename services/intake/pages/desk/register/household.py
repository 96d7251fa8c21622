"""His household on a page: who lives in it, its means with their sum, and what was stated before."""

from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, Response

from services.intake.domain.register.household import HouseholdMember, Means
from services.intake.pages.desk.on_desk import router
from services.intake.pages.desk.register.acts import told_by
from services.intake.pages.desk.register.acts.means import own_home
from services.intake.pages.desk.register.acts.members import STATERS
from services.intake.pages.desk.register.on_file import OnFile, file_page, open_file
from services.intake.pages.desk.register.words import DWELLINGS, INCOMES, KINSHIPS, OBLIGATIONS, REPAIRS, TENURES
from services.intake.seats import SEEKERS
from services.intake.use_cases.register.keep_household import statements_of
from shared.language import errors
from shared.plumbing.doors import Session, allow, refuses
from shared.plumbing.identity import Principal
from shared.plumbing.masks import masked
from shared.plumbing.seal import Erased

pages = router()

STATEMENTS = 50


@pages.get(
    "/desk/people/{subject_id}/household",
    response_class=HTMLResponse,
    summary="The page of his household: members, means and their sum",
)
@refuses(errors.PersonNotFound)
async def show_household_page(
    subject_id: str,
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(*SEEKERS)],
    done: Annotated[str, Query(max_length=50)] = "",
) -> Response:
    file = await open_file(request, session)
    home = await own_home(file)
    statement = home.statement if home is not None else None
    older = await statements_of(subject_id, after=0, limit=STATEMENTS, scope=who.scope, session=session)
    members = (home.members or []) if home is not None else []
    seen = home.seen_members if home is not None else frozenset()
    return await file_page(
        file,
        "household.html",
        told=told_by(done),
        members=[_row(one, seen=seen, file=file) for one in members],
        figures=home.figures if home is not None else None,
        means=_means(statement.means, file=file) if statement is not None else None,
        stated_at=statement.stated_at if statement is not None else None,
        older=[(row.number, row.stated_at) for row in older],
        states=who.role in STATERS,
    )


def _row(member: HouseholdMember, *, seen: frozenset[str], file: OnFile) -> dict[str, Any]:
    born = member.birthday
    return {
        "id": member.id,
        "name": member.name,
        "kinship": KINSHIPS[member.kinship],
        "national_id": masked(member.national_id) if member.national_id else None,
        "born_in": born if born is None or isinstance(born, Erased) else born[:4],
        "note": member.note,
        "since": member.since,
        "until": member.until,
        "lives_there": member.lives_there(file.today),
        "person_id": member.person_id if member.person_id in seen else None,
    }


def _means(means: Means, *, file: OnFile) -> dict[str, Any]:
    housing = means.housing
    return {
        "incomes": [(file.say(INCOMES[line.kind]), line.monthly, line.note) for line in means.incomes],
        "obligations": [(file.say(OBLIGATIONS[line.kind]), line.monthly, line.note) for line in means.obligations],
        "debts": means.debts,
        "housing": None
        if housing is None
        else {
            "words": [
                file.say(words)
                for words in (DWELLINGS[housing.dwelling], TENURES[housing.tenure], REPAIRS[housing.repair])
            ],
            "rooms": housing.rooms,
            "yearly_rent": housing.yearly_rent,
            "note": housing.note,
        },
    }
