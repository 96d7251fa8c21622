"""Invented lists as associations keep them, and the administrator who sends them."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import httpx
import openpyxl

from shared.language.roles import Role
from shared.sheets import read_rows
from tests.harness.desk import Desk
from tests.intake.office import Office

HEAD = ("رقم الهوية", "الاسم", "الجوال")
PLAIN = "application/octet-stream"


def national_id(number: int) -> str:
    """The `number`-th invented national id, with its check digit (ISO/IEC 7812-1 B)."""
    first = f"1{number:08}"
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(first))
    total = sum(value // 10 + value % 10 for value in doubled)
    return first + str(-total % 10)


def person(number: int) -> list[str]:
    return [national_id(number), f"مستفيد رقم {number}", f"05{number:08}"]


def people(count: int, *, first: int = 1) -> list[list[str]]:
    return [person(number) for number in range(first, first + count)]


def as_csv(rows: Sequence[Sequence[Any]], *, head: Sequence[str] = HEAD) -> bytes:
    said = io.StringIO(newline="")
    csv.writer(said).writerows([head, *rows])
    return said.getvalue().encode()


def as_xlsx(rows: Sequence[Sequence[Any]], *, head: Sequence[str] = HEAD) -> bytes:
    book, said = openpyxl.Workbook(), BytesIO()
    for row in (head, *rows):
        book.active.append(list(row))  # type: ignore[union-attr]
    book.save(said)
    return said.getvalue()


@dataclass
class Administrator:
    """Sends lists, and steers what becomes of them."""

    desk: Desk
    who: dict[str, Any] = field(default_factory=lambda: {"role": Role.ASSOCIATION_ADMINISTRATOR})

    @property
    def office(self) -> Office:
        return Office(self.desk, **self.who)

    async def send(self, table: bytes, *, kind: str = PLAIN) -> httpx.Response:
        who = dict(self.who)
        headers = {"Authorization": f"Bearer {self.desk.token(who.pop('role'), **who)}", "Content-Type": kind}
        return await self.desk.client.post("/api/v1/imports", content=table, headers=headers)

    async def upload(self, table: bytes) -> dict[str, Any]:
        answer = await self.send(table)
        assert answer.status_code == 201, answer.text
        sent: dict[str, Any] = answer.json()
        return sent

    async def tell(self, sent: dict[str, Any], what: str, body: Any = None) -> dict[str, Any]:
        answer = await self.office.post(f"/api/v1/imports/{sent['id']}/{what}", body)
        told: dict[str, Any] = answer.json()
        return told

    async def columns(self, sent: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """What is known of the columns, with `changes`."""
        chosen = {one["target"]: one["place"] for one in sent["columns"] if one["target"]}
        body = {"columns": chosen | changes.pop("columns", {}), "channel": sent["channel"], **changes}
        return await self.tell(sent, "columns", body)

    async def now(self, sent: dict[str, Any]) -> dict[str, Any]:
        shown: dict[str, Any] = await self.office.get(f"/api/v1/imports/{sent['id']}")
        return shown

    async def check(self, sent: dict[str, Any]) -> dict[str, Any]:
        await self.tell(sent, "check")
        return await self._settled(sent)

    async def take_in(self, sent: dict[str, Any]) -> dict[str, Any]:
        """Checked, started, and done."""
        await self.check(sent)
        await self.tell(sent, "start")
        return await self._settled(sent)

    async def rows(self, sent: dict[str, Any], query: str = "limit=200") -> list[dict[str, Any]]:
        page = await self.office.get(f"/api/v1/imports/{sent['id']}/rows?{query}")
        items: list[dict[str, Any]] = page["items"]
        return items

    async def report(self, sent: dict[str, Any], query: str = "", *, kind: str = "xlsx") -> list[tuple[Any, ...]]:
        answer = await self.desk.call("GET", f"/api/v1/imports/{sent['id']}/rows.{kind}{query}", **self.who)
        assert answer.status_code == 200, answer.text
        return [row.cells for row in read_rows(BytesIO(answer.content))]

    async def _settled(self, sent: dict[str, Any]) -> dict[str, Any]:
        # A page is a message of its own: many of them are no unrest.
        while await self.desk.worker.work_once():
            pass
        await self.desk.settle()
        assert await self.desk.dead() == []
        return await self.now(sent)
