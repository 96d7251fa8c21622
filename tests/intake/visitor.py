"""Somebody with a browser and no scripts: he opens pages, fills in forms, and carries cookies."""

import html
import re

import httpx

from tests.harness.desk import Desk

ORIGIN = "https://athar.test"
HEADERS = {"Accept": "text/html", "Accept-Language": "ar"}


class Visitor:
    """Of one service, at the public's pages."""

    def __init__(self, desk: Desk) -> None:
        self.client = desk.client
        self.client.cookies.clear()

    async def open(self, path: str) -> httpx.Response:
        answer = await self.client.get(f"{ORIGIN}{path}", headers=HEADERS)
        assert answer.status_code < 500, answer.text
        return answer

    async def send(self, page: httpx.Response, to: str = "", /, **fields: str) -> httpx.Response:
        """Fill in the form of `page` that goes `to`, and send it; not following where it leads."""
        main = page.text.partition("<main")[2].partition("</main>")[0]
        *_, form = (one for one in re.findall(r"<form.*?</form>", main, re.DOTALL) if f'{to}"' in one)
        action = re.search(r'action="([^"]+)"', form)
        assert action is not None
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form))
        plain = {name: html.unescape(value) for name, value in hidden.items()}
        headers = HEADERS | {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
        path = html.unescape(action.group(1))
        return await self.client.post(f"{ORIGIN}{path}", data=plain | fields, headers=headers)
