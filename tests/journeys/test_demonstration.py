"""The whole walk: five associations, 38 cases, from the first contact to the closed file, on both stacks."""

import io
from collections.abc import Mapping
from pathlib import Path

import pytest
from rich.console import Console

from athar.demo.checks import Findings
from athar.demo.run import throw_away_stack, walk_all
from tests.harness.containers import PostgresServer

SERVICES = ("intake", "research", "notifications", "feedback")


async def walk_on(folder: Path, extra: Mapping[str, str]) -> list[Findings]:
    with throw_away_stack(folder, extra) as stack:
        _, findings = await walk_all(stack, console=Console(file=io.StringIO()))
    return findings


def check(findings: list[Findings]) -> None:
    assert [sentence for found in findings for sentence in found.wrong] == []
    assert {found.association_id: len(found.conformance) for found in findings} == {
        "jamoum-orphans": 32,
        "kharj-dawah": 33,
        "makkah-little-hearts": 32,
        "najran-consumers": 32,
        "qurayyat-prisoners": 32,
    }
    assert sum(len(found.timelines) for found in findings) == 38


@pytest.mark.timeout(300)
async def test_every_clause_has_evidence_on_the_embedded_stack(tmp_path: Path) -> None:
    check(await walk_on(tmp_path, {}))


@pytest.mark.containers
@pytest.mark.timeout(300)
async def test_every_clause_has_evidence_on_postgresql_and_redis(
    tmp_path: Path, postgres_server: PostgresServer, redis_server: str
) -> None:
    extra = {"ATHAR_REDIS_URL": redis_server}
    for service in SERVICES:
        extra[f"ATHAR_{service.upper()}_DATABASE_URL"] = await postgres_server.new_database()
    check(await walk_on(tmp_path, extra))
