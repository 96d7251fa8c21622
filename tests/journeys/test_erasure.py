"""A person walks through all four services and is erased: his plain values are looked for everywhere, and not found.

Beside him walks another, whose words open as before: what is not found was not merely out of reach.
"""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.fernet import InvalidToken
from redis.asyncio import Redis
from sqlalchemy import make_url

from athar.demo.body import Body
from athar.demo.checks import come_to_rest
from athar.demo.desk import PEOPLE
from athar.demo.office import Office, eventually
from athar.demo.people import Person, national_id
from athar.demo.run import Stack, throw_away_stack
from athar.demo.voices import MESSAGES, Voices
from athar.demo.walkers import CASES, REVIEWS, Fate, Refusals, Walker
from shared.language.calendar import riyadh_day
from shared.language.clauses import Channel
from shared.language.errors import PersonErased
from shared.language.roles import Role
from shared.plumbing.clock import ShiftedClock, shift_clock
from shared.plumbing.identity import load_signing_key
from shared.plumbing.seal import ERASED, KeyRing
from shared.plumbing.vault import KeyUnknown, Vault
from shared.policy.adopted import pack_of
from tests.harness.containers import PostgresServer

SERVICES = ("intake", "research", "notifications", "feedback")
REQUESTS = "/intake/api/v1/personal/requests"
ADMIN, QUALITY = Role.ASSOCIATION_ADMINISTRATOR, Role.QUALITY_OFFICER
UNDER_A_PERSON = re.compile(rb"p1\.([0-9a-f-]{36})\.([A-Za-z0-9_-]+=*)")
BYTES = re.compile(rb"\\\\x((?:[0-9a-f]{2})+)")
UNDER_THE_RING = re.compile(rb"gAAAA[A-Za-z0-9_-]+=*")

GONE = Person(national_id(90_000_001), "خولة بنت مرزوق الدوسري", "0559871234", "khawla.aldosari@example.org")
STAYS = Person(national_id(90_000_002), "مشاري بن فهد السبيعي", "0551239876", "mishari.alsubaie@example.org")


@dataclass
class Walked:
    """One person's way, and the free words that only his file has."""

    person: Person
    word: str
    case_id: str = ""
    subjects: list[str] = field(default_factory=list)

    def say(self, what: str) -> str:
        return f"{what} {self.word}"

    @property
    def plain(self) -> list[str]:
        mobile = self.person.mobile[1:]
        return [self.person.national_id, self.person.name, mobile, str(self.person.email), self.word]


class Journey:
    """The people of one association, and the two whom they serve."""

    def __init__(self, stack: Stack, client: httpx.AsyncClient) -> None:
        self.stack = stack
        self.clock = ShiftedClock(stack.clock_file)
        key = load_signing_key(stack.signing_key)
        self.office = Office(pack_of("jamoum-orphans"), client=client, key=key, clock=self.clock)
        self.body = Body(self.office, Refusals(self.office))
        self.voices = Voices(self.office, self.clock)

    async def walk(self, *people: Walked) -> None:
        """From the first contact to the closed file, with words about them at every step."""
        for one in people:
            await self._up(one)
        for one in people:
            await self._studied(one)
        await come_to_rest(self.office)
        shift_clock(self.stack.clock_file, by=timedelta(days=self.office.pack.reply_floor_days))
        for one in people:
            await self._served(one)
        await come_to_rest(self.office)

    async def _up(self, one: Walked) -> None:
        pack, officer = self.office.pack, Role.INTAKE_OFFICER
        service = pack.services[0]
        sample = {"text": one.say("حاجة"), "integer": 4, "boolean": True}
        applicant = asdict(one.person)
        form = {question.id: sample[question.kind] for question in service.form}
        new = {"channel": Channel.INTERVIEW.value, "service_id": service.id, "applicant": applicant, "form": form}
        found = await self.office.get(f"{PEOPLE}?q={one.person.national_id}", role=officer)
        one.case_id = (await self.office.post(CASES, new | {"search": found["search"]}, role=officer))["id"]
        path = f"{CASES}/{one.case_id}"
        applicant_path = f"{path}/applicant"
        one.subjects.append((await self.office.get(applicant_path, role=officer))["subject_id"])
        await self.office.post(f"{path}/reception", {}, role=officer)
        reveal = {"fields": ["national_id", "mobile", "email"], "reason": one.say("للاتصال به")}
        await self.office.post(f"{applicant_path}/reveal", reveal, role=officer)
        today = riyadh_day(self.clock.now())
        for demand in service.documents:
            paper = {"kind": demand.kind, "number": one.person.national_id, "issued_on": today.isoformat()}
            paper["expires_on"] = (today + timedelta(days=700)).isoformat()
            await self.office.post(f"{path}/documents", paper, role=officer)
        asked = await self.office.post(f"{path}/clarifications", {"question": one.say("سؤال")}, role=officer)
        answer = {"answer": one.say("جواب")}
        await self.office.post(f"{path}/clarifications/{asked['id']}/answer", answer, role=Role.SOCIAL_RESEARCHER)
        await self.office.post(f"{path}/check", role=officer)
        assert pack.attestation is not None
        signature = {"text_version": pack.attestation.version, "signed_name": one.person.name}
        signed = signature | {"accepted_statements": len(pack.attestation.statements)}
        await self.office.post(f"{path}/attestation", signed, role=officer)
        await self.office.post(f"{path}/referral", role=officer)

    async def _studied(self, one: Walked) -> None:
        path = f"{REVIEWS}/{one.case_id}"
        await self.office.until("the review", f"{path}/review", lambda _: True, role=Role.SOCIAL_RESEARCHER)
        await self.office.post(f"{path}/study", {"findings": one.say("بحث")}, role=Role.SOCIAL_RESEARCHER)
        assert self.office.pack.committee is not None
        for member in range(self.office.pack.committee.quorum):
            ballot = {"verdict": "accepted", "reason": one.say("صوت")}
            await self.office.post(f"{path}/votes", ballot, role=Role.COMMITTEE_MEMBER, person=f"member-{member}")
        decision = {"reason": one.say("قرار"), "missing": []}
        await self.office.post(f"{path}/committee-decision", decision, role=Role.COMMITTEE_CHAIR)

    async def _served(self, one: Walked) -> None:
        path, officer = f"{CASES}/{one.case_id}", Role.INTAKE_OFFICER
        await self.office.until("the answer", path, lambda case: case["status"] == "answered", role=officer)
        await self.office.post(f"{path}/registration", role=officer)
        handover = {"received_by": one.person.name, "proof": one.say("محضر")}
        handover["delivered_on"] = riyadh_day(self.clock.now()).isoformat()
        await self.office.post(f"{path}/delivery", handover, role=officer)
        await self.office.post(f"{path}/benefit", {"useful": True, "note": one.say("أثر")}, role=officer)
        await self.office.post(f"{path}/closing", role=officer)
        walker = Walker(Channel.INTERVIEW, Fate.SERVED, one.person, self.office.pack.services[0], one.case_id)
        await self.voices.answer_survey(walker)
        said = {"party": "beneficiary", "subject": one.say("شكوى"), "text": one.say("نص"), "contact": one.person.mobile}
        complaint = await self.office.post("/feedback/api/v1/complaints", said, role=officer)
        resolution = f"/feedback/api/v1/complaints/{complaint['id']}/resolution"
        await self.office.post(resolution, {"answer": one.say("رد")}, role=QUALITY)
        listed = await self.office.get("/feedback/api/v1/complaints?limit=200", role=QUALITY)
        one.subjects += [item["subject_id"] for item in listed["items"] if item["id"] == complaint["id"]]

    async def erase(self, one: Walked) -> None:
        """He asks for it, for his file and for his complaint, and waits until it is done."""
        for subject in one.subjects:
            asked = {"subject_id": subject, "right": "erasure", "manner": "spoken", "proof": "document_seen"}
            asked["words"] = one.say("أريد المحو")
            request = await self.office.post(REQUESTS, asked, role=ADMIN)
            await self.office.post(f"{REQUESTS}/{request['id']}/erasure", role=ADMIN)

            async def done(path: str = f"{REQUESTS}/{request['id']}") -> bool | None:
                return (await self.office.get(path, role=ADMIN))["erased_at"] is not None or None

            await eventually("the erasure", done)
        await come_to_rest(self.office)

    async def opens(self, one: Walked) -> list[str]:
        """What people at their desks read about him."""
        applicant = await self.office.get(f"{CASES}/{one.case_id}/applicant", role=Role.INTAKE_OFFICER)
        review = await self.office.get(f"{REVIEWS}/{one.case_id}/review", role=Role.AUDITOR)
        operator = Role.NOTIFICATIONS_OPERATOR
        page = await self.office.get(f"{MESSAGES}?case_id={one.case_id}&limit=200", role=operator)
        message = await self.office.get(f"{MESSAGES}/{page['items'][0]['id']}", role=operator)
        complaints = await self.office.get("/feedback/api/v1/complaints?limit=200", role=QUALITY)
        his = next(item for item in complaints["items"] if item["subject_id"] in one.subjects)
        return [applicant["name"], review["findings"], message["body"], his["text"], his["answer"]]

    async def dead(self) -> list[Any]:
        found = []
        for service in SERVICES:
            found += await self.office.get(f"/{service}/api/v1/operations/dead", role=Role.PLATFORM_OPERATOR)
        return found


def ways_of_writing(plain: str) -> set[bytes]:
    """The value as text, and as JSON writes it in ASCII."""
    return {plain.encode(), json.dumps(plain)[1:-1].encode(), plain.encode("utf-16-le")}


def found_in(places: Iterable[Path], plain: Iterable[str]) -> list[tuple[str, str]]:
    """In which files a value stands in clear."""
    wanted = [(value, way) for value in plain for way in ways_of_writing(value)]
    return sorted(
        {
            (path.name, value)
            for path in places
            for content in [path.read_bytes()]
            for value, way in wanted
            if way in content
        }
    )


def files_under(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in folder.rglob("*") if path.is_file() and not path.is_socket()]


def opened_by_the_ring(places: Iterable[Path], ring: KeyRing) -> str:
    """All that still opens by the installation's keys, wherever it lies."""
    opened = []
    for path in places:
        for token in set(UNDER_THE_RING.findall(path.read_bytes())):
            try:
                opened.append(ring.open(token.decode()))
            except (InvalidToken, UnicodeDecodeError):
                continue  # cut off by a page's end; or a person's wrapped key, which is no text
    return "\n".join(opened)


def opened_by_people(places: Iterable[Path], vault: Vault) -> dict[str, list[str]]:
    """All texts under people's keys that still open, by person; a destroyed key opens none."""
    opened: dict[str, list[str]] = {}
    for path in places:
        for subject, token in set(UNDER_A_PERSON.findall(path.read_bytes())):
            words = opened.setdefault(subject.decode(), [])
            try:
                words.append(vault.key_of(subject.decode()).open(f"p1.{subject.decode()}.{token.decode()}"))
            except (PersonErased, InvalidToken, KeyUnknown):
                continue  # or cut off, and joined with what stands behind it
    return opened


def export_of(
    stack_folder: Path, one: Walked, to: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "athar", "personal", "export", one.subjects[0], "--association", "jamoum-orphans"]
    return subprocess.run(
        [*command, "--data", str(stack_folder / "data"), "--to", str(to)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )


async def erase_and_look(folder: Path, environment: Mapping[str, str]) -> tuple[Walked, Walked]:
    """The journey itself; what is on the disks afterwards is each test's to search."""
    gone, stays = Walked(GONE, "زعفران٧٧"), Walked(STAYS, "ياقوت٨٨")
    with throw_away_stack(folder, environment) as stack:
        async with httpx.AsyncClient(base_url=stack.address, timeout=60) as client:
            journey = Journey(stack, client)
            await journey.walk(gone, stays)
            assert GONE.name in (await journey.opens(gone))[0]
            before = folder / "exports" / "before.json"
            before.parent.mkdir()
            assert export_of(folder, gone, before, environment).returncode == 0
            assert len(found_in([before], gone.plain)) == len(gone.plain), "the export is what he is given"
            before.unlink()
            await journey.erase(gone)
            assert await journey.opens(gone) == [ERASED] * 5
            name, *words = await journey.opens(stays)
            assert name == STAYS.name
            assert [stays.word in word for word in words] == [True, False, True, True]
            assert await journey.dead() == []
    exported = export_of(folder, gone, folder / "exports" / "after.json", environment)
    assert exported.returncode == 0, exported.stderr
    (folder / "said").write_text(exported.stdout + exported.stderr)
    return gone, stays


def search(folder: Path, gone: Walked, stays: Walked, *, vault_url: str) -> None:
    """Nothing in clear; nothing of his under any key that is left; the other's words open."""
    places = [path for path in files_under(folder) if path.parent.name != "secrets"]
    assert found_in(places, gone.plain) == []
    keys = (folder / "data" / "secrets" / "seal-keys.txt").read_text().split()
    ring, vault = KeyRing(), Vault()
    ring.hold(keys)
    vault.open_at(vault_url, keys=keys)
    left = opened_by_the_ring(places, ring)
    assert [value for value in gone.plain if value in left] == []
    opened = opened_by_people(places, vault)
    assert [opened[subject] for subject in gone.subjects if opened.get(subject)] == []
    theirs = "\n".join(words for subject in stays.subjects for words in opened[subject])
    assert [value for value in stays.plain if value not in theirs] == []
    assert found_in(places, [ring.index(GONE.national_id)]) == []
    assert found_in(places, [ring.index(STAYS.national_id)]) != []
    vault.close()


@pytest.mark.timeout(600)
async def test_after_an_erasure_nothing_of_him_is_readable_on_the_embedded_stack(tmp_path: Path) -> None:
    gone, stays = await erase_and_look(tmp_path, {})
    backup = tmp_path / "backup"
    backup.mkdir()
    for name in (*SERVICES, "vault"):
        source, copy = sqlite3.connect(tmp_path / "data" / f"{name}.db"), sqlite3.connect(backup / f"{name}.db")
        source.backup(copy)
        source.close()
        copy.close()
    shutil.copytree(tmp_path / "data" / "stream", backup / "stream", ignore=shutil.ignore_patterns("*.sock"))
    search(tmp_path, gone, stays, vault_url=f"sqlite:///{tmp_path}/data/vault.db")


@pytest.mark.containers
@pytest.mark.timeout(600)
async def test_after_an_erasure_nothing_of_him_is_readable_on_postgresql_and_redis(
    tmp_path: Path, postgres_server: PostgresServer, redis_server: str
) -> None:
    vault_url = (await postgres_server.new_database()).replace("+asyncpg", "+psycopg")
    environment = {"ATHAR_REDIS_URL": redis_server, "ATHAR_VAULT_URL": vault_url}
    for service in SERVICES:
        environment[f"ATHAR_{service.upper()}_DATABASE_URL"] = await postgres_server.new_database()
    gone, stays = await erase_and_look(tmp_path, environment)
    for name, url in environment.items():
        if "REDIS" not in name:
            dump(url, tmp_path / f"{name}.sql")
    (tmp_path / "stream.entries").write_bytes(await entries_of(redis_server))
    search(tmp_path, gone, stays, vault_url=vault_url)


def dump(url: str, to: Path) -> None:
    """The database as a backup has it."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    done = subprocess.run(
        ["pg_dump", "--dbname", plain, "--file", str(to)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    # Bytes lie in a dump as hexadecimal: kept answers among them.
    with to.open("ab") as file:
        file.writelines(bytes.fromhex(found.decode()) + b"\n" for found in BYTES.findall(to.read_bytes()))


async def entries_of(redis_url: str) -> bytes:
    """All that the stream still carries."""
    async with Redis.from_url(redis_url) as client:
        entries = [await client.xrange(f"athar.{service}.events") for service in SERVICES]
    return b"\n".join(value for stream in entries for _, fields in stream for value in fields.values())


def test_the_search_finds_what_lies_in_clear(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(f"received {GONE.name}")
    (tmp_path / "b.json").write_text(json.dumps({"mobile": "+966559871234", "name": GONE.name}))
    found = found_in(files_under(tmp_path), Walked(GONE, "زعفران").plain)
    assert found == [("a.log", GONE.name), ("b.json", "559871234"), ("b.json", GONE.name)]
