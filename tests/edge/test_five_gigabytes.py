"""A file of five gigabytes against `athar up`: refused at the limit, in little memory, nothing of it on the disk."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from athar.demo.office import Office
from athar.demo.run import Stack, throw_away_stack
from shared.language.roles import Role
from shared.plumbing.clock import ShiftedClock
from shared.plumbing.identity import load_signing_key
from shared.policy.adopted import pack_of
from tests.edge import papers
from tests.edge.line import call, head
from tests.harness.desk import ASSOCIATION
from tests.plumbing.waiting import eventually

FIVE_GIGABYTES = 5 * 2**30
PIECE = bytes(2**20)
ROOM = 60_000_000
"""What the server may take more than it had, for a file of at most ten million bytes."""

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stack")


@pytest.fixture(scope="module")
def stack(folder: Path) -> Iterator[Stack]:
    with throw_away_stack(folder) as stack:
        yield stack


@pytest.fixture
def server(stack: Stack) -> psutil.Process:
    """The process that serves."""
    port = int(stack.address.rpartition(":")[2])
    (found,) = [
        child
        for child in psutil.Process().children()
        if any(line.laddr and line.laddr.port == port and line.status == "LISTEN" for line in child.net_connections())
    ]
    return found


async def document(client: httpx.AsyncClient, office: Office) -> str:
    """The address of a document that waits for its file."""
    service = office.pack.services[0]
    sample = {"text": "حاجة", "integer": 4, "boolean": True}
    new = {
        "channel": "interview",
        "service_id": service.id,
        "applicant": {"national_id": "1000000008", "name": "نورة الحربي", "mobile": "0555000111"},
        "form": {field.id: sample[field.kind] for field in service.form},
        "despite": "لكل اختبار طلبه",
    }
    headers = auth(office)
    found = await client.get("/intake/api/v1/people", params={"q": "1000000008"}, headers=headers)
    new["search"] = found.json()["search"]
    case = (await client.post("/intake/api/v1/cases", json=new, headers=headers)).json()
    paper = {"kind": service.documents[0].kind, "issued_on": "2026-01-01", "expires_on": "2036-01-01"}
    path = f"/intake/api/v1/cases/{case['id']}/documents"
    answer = await client.post(path, json=paper, headers=headers)
    return f"{path}/{answer.json()['id']}/file"


def auth(office: Office) -> dict[str, str]:
    return {"Authorization": f"Bearer {office.token(Role.INTAKE_OFFICER)}"}


def office_of(stack: Stack, client: httpx.AsyncClient) -> Office:
    key, clock = load_signing_key(stack.signing_key), ShiftedClock(stack.clock_file)
    return Office(pack_of(ASSOCIATION), client=client, key=key, clock=clock)


def left(folder: Path) -> list[Path]:
    return [file for file in (folder / "data" / "files").rglob("*") if file.is_file()]


@contextmanager
def watched(server: psutil.Process) -> Iterator[list[int]]:
    """What the server held, each time that somebody looked."""
    seen = [server.memory_info().rss]
    yield seen
    seen.append(server.memory_info().rss)
    assert max(seen) - seen[0] < ROOM


@pytest.mark.parametrize("says_its_size", [True, False])
async def test_five_gigabytes_are_refused_at_the_limit(
    stack: Stack, server: psutil.Process, folder: Path, *, says_its_size: bool
) -> None:
    sent = 0
    async with httpx.AsyncClient(base_url=stack.address, timeout=60) as client:
        office = office_of(stack, client)
        path = await document(client, office)
        headers = auth(office) | {"Content-Type": "image/jpeg"}
        headers |= {"Content-Length": str(FIVE_GIGABYTES)} if says_its_size else {"Transfer-Encoding": "chunked"}
        # Like a browser, who listens while it sends.
        with watched(server) as seen:
            async with call(int(stack.address.rpartition(":")[2])) as line:

                async def send() -> None:
                    nonlocal sent
                    await line.say(head(path, "POST", **headers))
                    with suppress(ConnectionError):
                        for _ in range(FIVE_GIGABYTES // len(PIECE)):
                            await line.say(PIECE if says_its_size else b"%x\r\n%b\r\n" % (len(PIECE), PIECE))
                            sent += len(PIECE)
                            seen.append(server.memory_info().rss)

                sending = asyncio.create_task(send())
                await line.is_refused(413, "body_too_large")
                await line.ends()
                await sending
        assert sent < 40_000_000, "it was not read to its end"
        assert (await client.get(path, headers=auth(office))).json()["code"] == "document_without_file"
    assert left(folder) == []


async def test_a_server_killed_in_the_midst_of_a_file_leaves_nothing_of_it(tmp_path: Path) -> None:
    with throw_away_stack(tmp_path) as stack:
        async with httpx.AsyncClient(base_url=stack.address, timeout=60) as client:
            office = office_of(stack, client)
            path = await document(client, office)
            port = int(stack.address.rpartition(":")[2])
            (server,) = [
                child
                for child in psutil.Process().children()
                if any(line.laddr and line.laddr.port == port for line in child.net_connections())
            ]

            async def pieces() -> Any:
                yield papers.image() + bytes(3_000_000)

                async def it_holds_them() -> bool:
                    return sum(spools(server)) > 2_900_000

                await eventually(it_holds_them)
                server.send_signal(signal.SIGKILL)
                yield bytes(100)

            with pytest.raises(httpx.TransportError):
                await client.post(path, content=pieces(), headers=auth(office) | {"Content-Type": "image/jpeg"})
        assert left(tmp_path) == []


def spools(server: psutil.Process) -> list[int]:
    """How large the nameless files are that the server holds open."""
    sizes = []
    for entry in Path(f"/proc/{server.pid}/fd").iterdir():
        # What it closed since the folder was read is none of them.
        with suppress(FileNotFoundError):
            place = str(entry.readlink())
            sizes += [entry.stat().st_size] if "/files/" in place and "(deleted)" in place else []
    return sizes
