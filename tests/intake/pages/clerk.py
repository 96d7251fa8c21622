"""Somebody at the desk with a browser without scripts: opens pages, fills in their forms, and nothing else."""

import re
from datetime import date
from html import unescape
from typing import Any

import httpx

from shared.language.roles import Role
from tests.accounts.house import ORIGIN, Member
from tests.accounts.web_browser import HTML, Browser
from tests.harness.desk import Desk

FROM_OUR_PAGE = HTML | {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
DESK = "/intake/desk"


def main_of(page: httpx.Response) -> str:
    return page.text.partition("<main")[2].partition("</main>")[0]


def words_of(page: httpx.Response) -> str:
    """What somebody reads on the page."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main_of(page))))


def value_of(page: httpx.Response, name: str) -> str:
    """What stands in a field of the page."""
    found = re.search(rf'<input[^>]* name="{re.escape(name)}"[^>]* value="([^"]*)"', main_of(page))
    if found is None:
        found = re.search(rf'<textarea[^>]* name="{re.escape(name)}"[^>]*>\n?([^<]*)</textarea>', main_of(page))
    assert found is not None, name
    return unescape(found.group(1))


def errors_of(page: httpx.Response) -> list[str]:
    """The fields to which the error summary leads."""
    return re.findall(r'<li><a href="#f-([^"]+)">', main_of(page))


def hidden_in(page: httpx.Response) -> tuple[str, dict[str, str]]:
    """Where the page's form goes, and what it carries."""
    *_, form = re.findall(r'<form method="post".*?</form>', main_of(page), re.DOTALL)
    action = re.search(r'action="([^"]+)"', form)
    assert action is not None
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)
    return unescape(action.group(1)), {name: unescape(value) for name, value in hidden}


def on(name: str, day: date) -> dict[str, str]:
    """A day, as it is typed into its three fields."""
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


class Clerk(Browser):
    """Signed in, under the one origin."""

    async def come_in(self, member: Member) -> None:
        answer = await self.sign_in(member)
        assert answer.status_code == 303, answer.text

    async def fill(self, page: httpx.Response, **fields: Any) -> httpx.Response:
        """Send the page's form with `fields`, and follow to where it leads."""
        action, hidden = hidden_in(page)
        answer = await self.client.post(action, data=hidden | fields, headers=FROM_OUR_PAGE)
        return await self.open(answer.headers["location"]) if answer.status_code == 303 else answer

    async def attach(self, page: httpx.Response, name: str, data: bytes) -> httpx.Response:
        """Send a file by the page's form: its token goes first, as a browser sends the fields of a form."""
        action, hidden = hidden_in(page)
        answer = await self.client.post(action, data=hidden, files={"file": (name, data)}, headers=FROM_OUR_PAGE)
        return await self.open(answer.headers["location"]) if answer.status_code == 303 else answer


class Pages:
    """The pages of a service alone, by a token."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def _headers(self, role: Role, who: Any) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.desk.token(role, **who)}", "Accept": "text/html"}

    async def get(self, path: str, *, role: Role = Role.INTAKE_OFFICER, **who: Any) -> httpx.Response:
        return await self.desk.client.get(path, headers=self._headers(role, who))

    async def post(
        self,
        path: str,
        fields: dict[str, Any] | None = None,
        *,
        role: Role = Role.INTAKE_OFFICER,
        key: str = "",
        **who: Any,
    ) -> httpx.Response:
        headers = self._headers(role, who) | ({"Idempotency-Key": key} if key else {})
        return await self.desk.client.post(path, data=fields or {}, headers=headers)
