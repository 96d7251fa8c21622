"""A page of the desk about one person's file."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.pages.desk.on_desk import desk_page, now_of, who_of
from services.intake.pages.paths import address
from services.intake.pages.step import LOOK
from services.intake.use_cases.register.show_person import PersonFile, see_file
from shared.language.calendar import riyadh_day
from shared.plumbing.identity import Principal
from shared.policy.adopted import packs
from shared.policy.pack import Pack
from shared.ui import Language, language_of
from shared.ui.signed_in import name_of_branch


@dataclass
class OnFile:
    """One person's file, as somebody has it before him."""

    request: Request
    session: AsyncSession
    who: Principal
    found: PersonFile
    now: datetime

    @cached_property
    def pack(self) -> Pack | None:
        return packs().get(self.who.association_id)

    @cached_property
    def language(self) -> Language:
        return language_of(self.request)

    @property
    def today(self) -> date:
        return riyadh_day(self.now)

    @property
    def id(self) -> str:
        return self.found.person.id

    def say(self, words: str) -> str:
        return LOOK.say(self.request, words)

    def said(self, words: dict[Any, str]) -> list[tuple[str, str]]:
        """The choices of a field, by code."""
        return [(code.value, self.say(one)) for code, one in words.items()]

    def branch(self, branch_id: str) -> str:
        return name_of_branch(self.pack, branch_id, language=self.language)

    def at(self, path: str = "") -> str:
        """A page of this file."""
        return address(self.request, f"/desk/people/{self.id}{path}")


async def open_file(request: Request, session: AsyncSession) -> OnFile:
    """The file, to be shown to who passed the door. Raises `PersonNotFound`."""
    who = who_of(request)
    found = await see_file(str(request.path_params["subject_id"]), scope=who.scope, session=session)
    return OnFile(request, session, who, found, now_of(request))


async def file_page(file: OnFile, template: str, *, status: int = 200, **facts: Any) -> HTMLResponse:
    facts |= {"person": file.found.person, "here": file.at()}
    return await desk_page(file.request, file.session, file.who, f"people/{template}", status=status, **facts)
