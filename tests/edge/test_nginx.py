"""The origin in production: nginx bounds what it passes on, and speaks like the services where it speaks itself."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared.language import errors
from shared.plumbing.edge.headers import HEADERS
from shared.plumbing.files.arrival import ENVELOPE_BYTES
from shared.plumbing.problems import Problem
from shared.plumbing.settings import Settings
from tests.harness.containers import server_of
from tests.plumbing.waiting import eventually

ROOT = Path(__file__).parents[2]
CONFIGURATION = ROOT / "deploy" / "nginx.conf"
IMAGE = "nginx:1.22-bookworm"
OWN = {name: value for name, value in HEADERS.items() if name not in {"Content-Security-Policy", "Permissions-Policy"}}
SPOKEN = {
    kind.code: kind
    for kind in (
        errors.NotHttp,
        errors.NotFound,
        errors.RequestTooSlow,
        errors.BodyTooLarge,
        errors.HeadTooLarge,
        errors.PartDown,
    )
}


def said() -> list[Problem]:
    """The problem documents that the configuration holds."""
    lines = [line for line in CONFIGURATION.read_text().splitlines() if "urn:athar:problem:" in line]
    return [Problem.model_validate(json.loads(line.partition("'")[2].rpartition("'")[0])) for line in lines]


def test_what_nginx_says_itself_is_what_the_services_say() -> None:
    assert {problem.code for problem in said()} == set(SPOKEN)
    for problem in said():
        kind = SPOKEN[problem.code]
        assert problem.status == kind.status
        assert problem.title == kind.code.replace("_", " ").capitalize()
        if "{" not in kind.en:
            assert (problem.sentences.ar, problem.sentences.en) == (kind.ar, kind.en)


def test_nginx_takes_the_file_that_the_services_take() -> None:
    limit = Settings.model_fields["upload_limit_bytes"].default + ENVELOPE_BYTES
    assert limit < 10_100 * 1024
    assert "client_max_body_size 10100k" in CONFIGURATION.read_text()


@pytest.fixture(scope="module")
def origin(request: pytest.FixtureRequest) -> str:
    """nginx with our configuration, and no service behind it."""

    def make() -> Any:
        from testcontainers.core.container import DockerContainer

        container = DockerContainer(IMAGE).with_exposed_ports(80)
        return container.with_volume_mapping(str(CONFIGURATION), "/etc/nginx/nginx.conf", "ro")

    server = server_of(request.config, IMAGE, make)
    return f"http://{server.get_container_host_ip()}:{server.get_exposed_port(80)}"


def check(answer: httpx.Response, *, status: int, code: str) -> None:
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    problem = Problem.model_validate(answer.json())
    assert (problem.code, problem.status) == (code, status)
    assert {name: answer.headers.get(name) for name in OWN} == OWN
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.containers
async def test_what_nginx_refuses_reads_like_every_other_refusal(origin: str) -> None:
    async with httpx.AsyncClient(base_url=origin, timeout=30) as client:

        async def listens() -> bool:
            try:
                return (await client.get("/health")).status_code == 200
            except httpx.TransportError:
                return False

        await eventually(listens, within=60)
        check(await client.get("/intake/health"), status=503, code="part_down")
        check(await client.get("/intake/ready"), status=404, code="not_found")
        check(await client.get("/nowhere"), status=404, code="not_found")
        check(await client.post("/intake/x", content=bytes(2_000_000)), status=413, code="body_too_large")
        path = "/intake/api/v1/cases/a/documents/b/file"
        check(await client.post(path, content=bytes(9_000_000)), status=503, code="part_down")
        check(await client.post(path, content=bytes(11_000_000)), status=413, code="body_too_large")
        check(await client.get("/health", headers={"X-Long": "x" * 1_000_000}), status=431, code="head_too_large")
        check(await client.get("/" + "x" * 60_000), status=431, code="head_too_large")
        check(await client.get("/.problem/down"), status=404, code="not_found")
        way = await client.get("/")
        assert (way.status_code, way.headers["location"]) == (302, "/intake/session")
        answer = await client.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
