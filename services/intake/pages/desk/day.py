"""A delegate's day: what he has to do, and a page that opens without a network.

Two pages, since a device may keep only what shows nobody: `/desk/visits` shows people, and needs no script; `/desk/day`
shows nobody, is kept by the device, and gets the other's list out of the device's sealed store.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.case import Case
from services.intake.domain.contacts import FirstContact
from services.intake.pages.desk.on_desk import desk_page, name_of_service, router, words_of
from services.intake.pages.desk.visit import device_page, services_of
from services.intake.seats import FRONT
from services.intake.store import contacts as contact_store
from services.intake.store import deliveries as delivery_store
from services.intake.store.day import cases_to_visit
from services.intake.store.moments import WRITTEN, Moment, moment_in, written
from services.intake.store.people import people_named, people_named_by_case
from shared.language import errors
from shared.language.calendar import riyadh_day
from shared.language.case_lifecycle import CaseStatus
from shared.plumbing.doors import Now, Session, allow, refuses
from shared.plumbing.identity import Principal
from shared.plumbing.masks import masked
from shared.policy.adopted import pack_of
from shared.ui import language_of
from shared.ui.language import mark

pages = router()

A_DAY = 50
"""As many on a page as nobody visits in a day."""
HOURS_KEPT = 24
"""How long a device may show a list that it could not fetch anew: one day's work."""
S = CaseStatus
TO_DO = {
    S.DRAFT: mark("Finish the request with him and hand it in"),
    S.INCOMPLETE: mark("Ask him for the missing papers"),
    S.COMPLETE: mark("Have him sign for the request"),
    S.REGISTERED: mark("Deliver the service"),
    S.DELIVERED: mark("Ask what the service did"),
}
"""What needs the person himself, and so a way to him."""


@dataclass(frozen=True)
class Visit:
    """One person to see, and why."""

    id: str
    reference: str
    name: str
    mobile: str
    service: str
    to_do: str
    missing: list[str]
    is_today: bool


@dataclass(frozen=True)
class Call:
    """One person who was promised a call."""

    contact: str
    name: str
    mobile: str
    at: datetime


@pages.get("/desk/day", response_class=HTMLResponse, summary="The day on the road; the page shows nobody's data")
@refuses(errors.AssociationUnknown)
async def show_day(request: Request, who: Annotated[Principal, allow(*FRONT)]) -> Response:
    return device_page(request, who, "day.html", services=services_of(request, who))


@pages.get("/desk/visits", response_class=HTMLResponse, summary="Whom you have to see and to call today")
@refuses(errors.AssociationUnknown)
async def show_visits(
    request: Request,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(*FRONT)],
    after: Annotated[str, Query(max_length=50)] = "",
    calls_after: Annotated[str, Query(max_length=100, pattern=WRITTEN)] = "",
) -> Response:
    today = riyadh_day(now)
    cases = await cases_to_visit(session, TO_DO, scope=who.scope, after=after, limit=A_DAY + 1)
    older = f"?after={cases[A_DAY - 1].id}" if len(cases) > A_DAY else None
    calls, last = ([], None) if after else await _calls(session, who, today, after=moment_in(calls_after))
    return await desk_page(
        request,
        session,
        who,
        "visits.html",
        visits=await _visits(request, session, who, cases[:A_DAY], today),
        calls=calls,
        more_calls=f"?calls_after={written(last.at, last.contact)}" if last else None,
        older=older,
        today=today,
        now=now,
        hours=HOURS_KEPT,
    )


async def _visits(
    request: Request, session: AsyncSession, who: Principal, cases: list[Case], today: date
) -> list[Visit]:
    language, pack = language_of(request), pack_of(who.association_id)
    people = {person.id: person for person in await people_named(session, {case.beneficiary_id for case in cases})}
    planned = await delivery_store.planned_on(session, today, case_ids=[case.id for case in cases])

    def visit(case: Case) -> Visit:
        person, service = people[case.beneficiary_id], pack.service(case.service_id)
        papers = {demand.kind: words_of(demand.name, language) for demand in (service.documents if service else ())}
        return Visit(
            id=case.id,
            reference=case.reference,
            name=person.name,
            mobile=masked(person.mobile) if person.mobile else "",
            service=name_of_service(pack, case.service_id, language=language),
            to_do=TO_DO[case.status],
            missing=[papers.get(kind, kind) for kind in case.missing],
            is_today=case.id in planned,
        )

    return sorted(map(visit, cases), key=lambda visit: not visit.is_today)


async def _calls(
    session: AsyncSession, who: Principal, today: date, *, after: Moment
) -> tuple[list[Call], Call | None]:
    """A page of who was promised a call until tonight; with the last of them where there are more."""
    found = await contact_store.contacts_to_call(session, scope=who.scope, after=after, limit=A_DAY + 1)
    names = await people_named_by_case(session, {contact.case_id for contact in found if contact.case_id is not None})
    calls = []
    for contact in found:
        # The next call stands first: after one of tomorrow there is none of today.
        if contact.call_back_at is None or riyadh_day(contact.call_back_at) > today:
            break
        calls.append(_call(contact, contact.call_back_at, names=names))
    return calls[:A_DAY], calls[A_DAY - 1] if len(calls) > A_DAY else None


def _call(contact: FirstContact, at: datetime, *, names: Mapping[str, str]) -> Call:
    if contact.case_id is not None:
        # His words are with the request by now; the promise is as it was.
        return Call(contact.id, names.get(contact.case_id, ""), "", at)
    try:
        said = contact.open_words()
    except (errors.ContactIsRequest, errors.PersonErased):
        return Call(contact.id, "", "", at)
    return Call(contact.id, said.name or "", masked(said.mobile) if said.mobile else "", at)
