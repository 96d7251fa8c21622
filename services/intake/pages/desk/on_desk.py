"""A page of the desk: whose it is, and the one case that it is about."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from secrets import token_urlsafe
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.case import Case
from services.intake.domain.people import Beneficiary
from services.intake.pages.desk.again import FormRoute
from services.intake.pages.paths import address
from services.intake.pages.step import LOOK
from services.intake.seats import FRONT, SEEKERS
from services.intake.store.accounts import find_staff
from shared.plumbing.identity import Principal
from shared.policy.adopted import pack_of
from shared.policy.pack import Pack, Service, Words
from shared.ui import Frame, Language, frame_of, language_of


def router() -> APIRouter:
    """Doors to pages of the desk."""
    return APIRouter(route_class=FormRoute, tags=["pages"])


async def frame_on_desk(request: Request, session: AsyncSession, who: Principal) -> Frame:
    """Around a page of the desk: who he is, and the search for people where his seat may search."""
    staff = await find_staff(session, who.person_id)
    search = address(request, "/desk/people") if who.role in SEEKERS else None
    return frame_of(request, who, here="desk", name=staff.name if staff else "", search=search)


async def desk_page(
    request: Request, session: AsyncSession, who: Principal, template: str, *, status: int = 200, **facts: Any
) -> HTMLResponse:
    frame = await frame_on_desk(request, session, who)
    facts |= {"once": token_urlsafe(9)}
    facts |= {"desk": address(request, "/desk"), "api": address(request, "/api/v1"), "at_front": who.role in FRONT}
    return LOOK.page(request, f"desk/{template}", frame=frame, status_code=status, **facts)


def words_of(words: Words, language: Language) -> str:
    """What the policy calls a thing, in the language of who asks."""
    return words.ar if language is Language.ARABIC else words.en


def name_of_service(pack: Pack, service_id: str, *, language: Language) -> str:
    """A service as its pack calls it; one that is offered no more, by its code."""
    service = pack.service(service_id)
    return words_of(service.name, language) if service else service_id


def now_of(request: Request) -> datetime:
    """The instant by the clock of the service."""
    now: datetime = request.app.state.runtime.clock.now()
    return now


def who_of(request: Request) -> Principal:
    """Who passed the door."""
    who: Principal = request.state.principal
    return who


@dataclass
class OnDesk:
    """One case, as somebody has it before him."""

    request: Request
    session: AsyncSession
    who: Principal
    case: Case
    person: Beneficiary
    now: datetime

    @cached_property
    def pack(self) -> Pack:
        return pack_of(self.case.association_id)

    @cached_property
    def service(self) -> Service | None:
        """The service as it is offered today; `None` where it is no more."""
        return self.pack.service(self.case.service_id)

    @cached_property
    def language(self) -> Language:
        return language_of(self.request)

    def words(self, words: Words) -> str:
        return words_of(words, self.language)

    def say(self, words: str) -> str:
        return LOOK.say(self.request, words)

    def at(self, path: str = "") -> str:
        """A page of this case."""
        return address(self.request, f"/desk/cases/{self.case.id}{path}")

    def paper(self, kind: str) -> str:
        """What the checklist calls a paper; one that is asked for no more, by its code."""
        demands = self.service.documents if self.service else ()
        return next((self.words(demand.name) for demand in demands if demand.kind == kind), kind)


async def lay_out(request: Request, session: AsyncSession, case_id: str) -> OnDesk:
    """The case, to be shown to who passed the door. Raises `CaseNotFound`."""
    who = who_of(request)
    case = await store.see_case(session, case_id, scope=who.scope)
    person = await store.get_beneficiary(session, case.beneficiary_id)
    return OnDesk(request, session, who, case, person, now_of(request))
