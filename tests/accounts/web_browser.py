"""A person's browser, by its requests alone."""

import re

import httpx

from tests.accounts.house import ORIGIN, House, Member

HTML = {"Accept": "text/html"}
SIGN_IN = "/intake/sign-in"


class Browser:
    """A person's browser without scripts: follows links, fills in forms, carries cookies."""

    def __init__(self, house: House) -> None:
        self.client = house.client

    async def open(self, path: str) -> httpx.Response:
        answer = await self.client.get(path, headers=HTML)
        while answer.is_redirect:
            answer = await self.client.send(answer.next_request)  # type: ignore[arg-type]
        return answer

    async def send(self, page: httpx.Response, to: str = "", **fields: str) -> httpx.Response:
        """Fill in the form of `page`, of several the last that goes `to`, and send it; not following where it leads."""
        main = page.text.partition("<main")[2].partition("</main>")[0]
        *_, form = (form for form in re.findall(r"<form.*?</form>", main, re.DOTALL) if f'{to}"' in form)
        action = re.search(r'action="([^"]+)"', form)
        assert action is not None
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form))
        headers = HTML | {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
        path = action.group(1).replace("&amp;", "&")
        return await self.client.post(path, data=hidden | fields, headers=headers)

    async def sign_in(self, member: Member, *, path: str = SIGN_IN, **changes: str) -> httpx.Response:
        typed = {"association_id": member.association, "user_name": member.user_name, "password": member.password}
        return await self.send(await self.open(path), **(typed | changes))
