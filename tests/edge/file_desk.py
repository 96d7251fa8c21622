"""A document that waits for its file, and what lies in the folder of files."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.contracts.problem import assert_problem, everything_written
from tests.intake.office import Office

FORM = "multipart/form-data; boundary=b0rder"


def form(data: bytes, *, name: str = "scan.jpg", field: str = "file", border: str = "b0rder") -> bytes:
    """A form with one file, as a browser writes it."""
    head = f'--{border}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
    return head.encode() + b"Content-Type: image/jpeg\r\n\r\n" + data + f"\r\n--{border}--\r\n".encode()


@dataclass
class FileDesk:
    """One document of one case, and the delegate who sends its file."""

    office: Office
    case: dict[str, Any]
    document_id: str
    folder: Path

    @property
    def path(self) -> str:
        return f"/api/v1/cases/{self.case['id']}/documents/{self.document_id}/file"

    def headers(self, **who: Any) -> dict[str, str]:
        who = self.office.who | who
        return {"Authorization": f"Bearer {self.office.desk.token(who.pop('role'), **who)}"}

    async def send(
        self, body: Any, *, kind: str = FORM, path: str | None = None, who: Any = None, **headers: str
    ) -> httpx.Response:
        every = self.headers(**(who or {})) | {"Content-Type": kind} | headers
        return await self.office.desk.client.post(path or self.path, content=body, headers=every)

    async def show(self, **who: Any) -> httpx.Response:
        return await self.office.desk.client.get(self.path, headers=self.headers(**who))

    async def is_refused(self, body: Any, *, status: int, code: str, field: str | None = None, **sent: Any) -> Any:
        """Sent, refused with `code`, and nothing written: neither a row nor a file."""
        before = everything_written(self.office.desk)
        kept = self.kept()
        problem = assert_problem(await self.send(body, **sent), status=status, code=code, field=field)
        assert everything_written(self.office.desk) == before
        assert (self.kept(), self.drafts()) == (kept, [])
        return problem

    def kept(self) -> list[Path]:
        """The sealed files in their places."""
        return sorted(file for file in self.folder.glob("2*/*") if file.name != "swept")

    def drafts(self) -> list[Path]:
        return sorted(self.folder.glob("incoming/*"))


@contextmanager
def part_down() -> Iterator[None]:
    """A part is down, and the log may say so: the desk listens for what a route's document leaves out."""
    logger = logging.getLogger("athar.problems")
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = False
