"""The composition as production runs it: built, brought up, walked through by one case, taken down."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from athar.demo.body import Body
from athar.demo.desk import Desk
from athar.demo.office import Office
from athar.demo.voices import Voices
from athar.demo.walkers import CASES, Fate, Refusals, Walker, walkers_of
from athar.stack.secrets import make_database_secrets, make_secrets
from shared.language.roles import Role
from shared.plumbing.clock import SystemClock
from shared.plumbing.identity import load_signing_key
from shared.policy.adopted import pack_of
from shared.policy.pack import Pack

ROOT = Path(__file__).parents[2]
PROJECT = "athar-check"
SERVICES = ("intake", "research", "notifications", "feedback")
PORT = "18080"
UP_SECONDS = 90

pytestmark = [pytest.mark.containers, pytest.mark.timeout(900)]


def compose_command() -> list[str] | None:
    """The newer `docker compose` where it is there, else `docker-compose`."""
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "info"], capture_output=True, check=False).returncode:
        return None
    if subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode == 0:
        return [docker, "compose"]
    return ["docker-compose"] if shutil.which("docker-compose") else None


@pytest.fixture(scope="module")
def composition(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The running composition; the folder of its secrets."""
    command = compose_command()
    if command is None:
        reason = "no Docker engine with compose answers here"
        if os.environ.get("ATHAR_REQUIRE_CONTAINERS") == "1":
            pytest.fail(f"containers are required, and {reason}")
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("secrets")
    make_secrets(folder)
    make_database_secrets(folder)
    # The server in a container may be another user than the one who runs the tests.
    folder.chmod(0o755)
    environment = {**os.environ, "ATHAR_SECRETS": str(folder), "ATHAR_IMAGE": "athar:check", "ATHAR_PORT": PORT}
    compose = [*command, "-p", PROJECT, "-f", str(ROOT / "deploy" / "compose.yaml")]

    def run(*arguments: str) -> None:
        done = subprocess.run(arguments, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{' '.join(arguments)}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"

    run("docker", "build", "-q", "-t", "athar:check", "-f", "deploy/Dockerfile", ".")
    try:
        two_workers = [part for service in SERVICES for part in ("--scale", f"{service}-worker=2")]
        run(*compose, "up", "-d", *two_workers)
        yield folder
    except BaseException:
        logs = subprocess.run([*compose, "logs", "--tail", "40"], env=environment, capture_output=True, check=False)
        print(logs.stdout.decode()[-20_000:])  # noqa: T201 - what a failed composition leaves to read
        raise
    finally:
        run(*compose, "down", "--volumes", "--timeout", "10")


async def answers(client: httpx.AsyncClient) -> None:
    """Wait for every service behind the one origin."""
    async with asyncio.timeout(UP_SECONDS):
        for service in SERVICES:
            while not await healthy(client, service):  # noqa: ASYNC110 - another process comes up
                await asyncio.sleep(0.5)


async def healthy(client: httpx.AsyncClient, service: str) -> bool:
    try:
        return (await client.get(f"/{service}/health")).status_code == 200
    except httpx.TransportError:
        return False


def desk_of(pack: Pack, client: httpx.AsyncClient, folder: Path) -> tuple[Office, Desk, Body, Voices]:
    key = load_signing_key(make_secrets(folder).signing_key)
    office = Office(pack, client=client, key=key, clock=SystemClock())
    refusals = Refusals(office)
    return office, Desk(office, SystemClock(), refusals), Body(office, refusals), Voices(office, SystemClock())


async def test_a_case_walks_through_the_composition_with_two_workers_of_each_service(composition: Path) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{PORT}", timeout=30) as client:
        await answers(client)
        # Kharj has no floor, so that its case walks to the closed file without a clock that production refuses to move.
        office, desk, body, voices = desk_of(pack_of("kharj-dawah"), client, composition)
        walker = next(walker for walker in walkers_of(office.pack) if walker.fate is Fate.CLARIFIED)
        await desk.lay_out()
        await desk.receive(walker)
        await desk.bring_up(walker)
        await body.study(walker)
        await body.decide(walker, "accepted")
        await desk.status(walker, "answered")
        await desk.serve(walker)
        path = f"{CASES}/{walker.case_id}"
        await office.post(f"{path}/benefit", {"useful": True, "note": "انتظم في الدورة"}, role=walker.front)
        await office.post(f"{path}/closing", role=walker.front)
        await voices.answer_survey(walker)
        timeline = await office.until(
            "the whole file",
            f"{path}/timeline",
            lambda entries: any(entry["event"] == "survey.answered" for entry in entries),
            role=Role.AUDITOR,
        )
        once = ["case.received", "case.referred", "case.decided", "case.answered", "case.delivered", "case.closed"]
        assert [sum(entry["event"] == event for entry in timeline) for event in once] == [1] * len(once)


async def test_the_composition_holds_an_answer_until_its_floor(composition: Path) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{PORT}", timeout=30) as client:
        await answers(client)
        office, desk, body, _ = desk_of(pack_of("jamoum-orphans"), client, composition)
        walker = Walker(
            walkers_of(office.pack)[0].channel, Fate.SERVED, walkers_of(office.pack)[0].person, office.pack.services[0]
        )
        await desk.lay_out()
        await desk.receive(walker)
        await desk.bring_up(walker)
        await body.study(walker)
        await body.decide(walker, "accepted")
        await desk.status(walker, "decided")
        case = await office.get(f"{CASES}/{walker.case_id}", role=Role.AUDITOR)
        assert case["outcome"] is None
        assert case["answer_not_before"] > case["referred_at"]


async def test_what_operators_alone_may_see_is_not_shown_to_the_street(composition: Path) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{PORT}", timeout=30) as client:
        await answers(client)
        office, *_ = desk_of(pack_of("kharj-dawah"), client, composition)
        operator = {"Authorization": f"Bearer {office.token(Role.PLATFORM_OPERATOR)}"}
        auditor = {"Authorization": f"Bearer {office.token(Role.AUDITOR)}"}
        for service in SERVICES:
            assert (await client.get(f"/{service}/ready")).status_code == 404
            assert (await client.get(f"/{service}/metrics")).status_code == 401
            assert (await client.get(f"/{service}/metrics", headers=auditor)).status_code == 403
            page = await client.get(f"/{service}/metrics", headers=operator)
            assert 'athar_part_up{part="database"} 1.0' in page.text


@pytest.mark.usefixtures("composition")
async def test_every_container_says_that_it_is_well() -> None:
    docker = (
        "docker",
        "ps",
        "--filter",
        f"label=com.docker.compose.project={PROJECT}",
        "--format",
        "{{.Names}} {{.Status}}",
    )

    def not_well() -> list[str]:
        listed = subprocess.run(docker, capture_output=True, text=True, check=True).stdout.splitlines()
        checked = [line for line in listed if "nginx" not in line]
        return [line for line in checked if "(healthy)" not in line] if checked else ["none"]

    async with asyncio.timeout(UP_SECONDS):
        while left := not_well():
            await asyncio.sleep(0.5)
            assert not [line for line in left if "(unhealthy)" in line], left


@pytest.mark.parametrize("service", SERVICES)
def test_the_services_own_role_adds_to_the_trail_and_changes_nothing(composition: Path, service: str) -> None:
    labels = (f"com.docker.compose.project={PROJECT}", "com.docker.compose.service=postgres")
    filters = [part for label in labels for part in ("--filter", f"label={label}")]
    (container,) = subprocess.run(
        ["docker", "ps", "-q", *filters], capture_output=True, text=True, check=True
    ).stdout.split()
    password = (composition / f"{service}-database-password.txt").read_text()

    def asks(sql: str) -> subprocess.CompletedProcess[str]:
        url = f"postgresql://athar_{service}:{password}@127.0.0.1/athar_{service}"
        command = ["docker", "exec", container, "psql", url, "-c", sql]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    assert asks("SELECT count(*) FROM audit_entries").returncode == 0
    for sql in ("DELETE FROM audit_entries", "UPDATE audit_entries SET act = ''", "TRUNCATE audit_entries"):
        assert "permission denied" in asks(sql).stderr
    assert "must be owner" in asks("DROP TABLE audit_entries").stderr
