"""What Prometheus reads: figures that are true whichever process is asked, and cost the same however many cases."""

from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from redis.asyncio import Redis
from sqlalchemy import insert, text

from shared.language.events import Source
from shared.language.roles import Role
from shared.plumbing import standing, tables
from shared.plumbing.database import Database
from shared.plumbing.envelope import stream_of
from shared.plumbing.standing import standing_by_source, standing_of
from shared.plumbing.timers import Timer, set_timer
from tests.harness.desk import NOON
from tests.harness.plans import plan_of, reads_a_whole_table, statements_of
from tests.operations.conftest import OpenLone
from tests.operations.lone import Lone
from tests.plumbing.bench import tell_facts
from tests.plumbing.problem import problem_in

MANY = 100_000


class Later(Timer):
    """Something for later."""

    type = "made_up.later"
    name_: str = "one"

    @property
    def key(self) -> str:
        return self.name_


async def test_only_the_platform_s_operator_reads_them(service: Lone) -> None:
    problem_in(await service.client.get("/metrics"), status=401, code="not_signed_in")
    for role in set(Role) - {Role.PLATFORM_OPERATOR}:
        answer = await service.call("GET", "/metrics", role=role, branch="some")
        problem_in(answer, status=403, code="not_allowed")
    read = await service.call("GET", "/metrics", role=Role.PLATFORM_OPERATOR)
    assert (read.status_code, read.headers["content-type"].partition(";")[0]) == (200, "text/plain")
    assert {family.name for family in text_string_to_metric_families(read.text)} >= {"athar_part_up"}


async def test_a_quiet_service_shows_zeros(service: Lone) -> None:
    page = text_string_to_metric_families(await service.metrics())
    waiting = {
        sample.name: sample.value
        for family in page
        for sample in family.samples
        if sample.name.startswith(("athar_outbox", "athar_inbox", "athar_retrying", "athar_timer", "athar_behind"))
    }
    assert set(waiting.values()) == {0.0}
    assert len(waiting) == 7


async def test_what_is_not_published_is_counted_with_the_age_of_the_oldest(service: Lone) -> None:
    await tell_facts(service.runtime.database, ("a", 1), ("b", 1))
    service.clock.forward(timedelta(seconds=90))
    await tell_facts(service.runtime.database, ("c", 1))
    assert await service.figure("athar_outbox_unsent_messages") == 3
    assert await service.figure("athar_outbox_oldest_unsent_seconds") == 90


async def test_what_is_due_is_counted_with_the_age_of_the_oldest(service: Lone) -> None:
    await service.receive(("a", 1), ("b", 1))
    service.clock.forward(timedelta(seconds=5))
    assert await service.figure("athar_inbox_due_messages") == 2
    assert await service.figure("athar_inbox_oldest_due_seconds") == 5


async def test_a_timer_is_late_only_once_it_is_due(service: Lone) -> None:
    async with service.runtime.database.write() as session:
        await set_timer(session, Later(), due_at=NOON + timedelta(days=14), now=NOON)
    assert await service.figure("athar_timer_late_seconds") == 0
    service.clock.forward(timedelta(days=14, seconds=30))
    assert await service.figure("athar_timer_late_seconds") == 30


async def test_a_retry_is_counted_until_it_is_done(service: Lone) -> None:
    await service.receive(("a", 1), ("b", 1))
    await service.change(tables.inbox.c.key == "a", attempts=3, due_at=NOON + timedelta(minutes=4))
    assert await service.figure("athar_retrying_messages") == 1
    await service.change(state=tables.DONE)
    assert await service.figure("athar_retrying_messages") == 0


async def test_the_dead_are_counted_by_type_and_what_waits_behind_them_too(service: Lone) -> None:
    await service.receive(("a", 1), ("a", 2), ("a", 3), ("b", 1))
    await service.change(tables.inbox.c.key == "a", tables.inbox.c.seq == 1, state=tables.DEAD)
    assert await service.figure('athar_dead_messages{type="case.completed"}') == 1
    assert await service.figure("athar_behind_dead_messages") == 2


async def test_a_group_that_has_not_read_our_stream_is_seen_behind(service: Lone, stream: Redis) -> None:
    name = stream_of(Source.FEEDBACK)
    await stream.xgroup_create(name, "intake", id="0", mkstream=True)
    for number in range(3):
        await stream.xadd(name, {"__data__": str(number)})
    await stream.xreadgroup("intake", "somebody", {name: ">"}, count=1)
    assert await service.figure('athar_group_lag_entries{group="intake"}') == 2
    assert await service.figure('athar_group_pending_entries{group="intake"}') == 1


async def test_requests_are_counted_by_route_and_never_by_path(service: Lone) -> None:
    for number in (1, 2):
        path = f"/api/v1/operations/dead/{number}/replay"
        await service.call("POST", path, role=Role.PLATFORM_OPERATOR)
    await service.client.get("/of-nobody/1023456789")
    await service.client.request("BREW", "/health")
    route = "/api/v1/operations/dead/{message_id}/replay"
    assert await service.figure(f'athar_http_requests_total{{method="POST",route="{route}",status="404"}}') == 2
    assert await service.figure(f'athar_http_request_seconds_count{{method="POST",route="{route}"}}') == 2
    assert await service.figure('athar_http_requests_total{method="GET",route="none",status="404"}') == 1
    page = await service.metrics()
    assert "1023456789" not in page
    assert "BREW" not in page


async def test_without_a_database_the_page_says_that_it_is_down(open_service: OpenLone) -> None:
    url = "postgresql+asyncpg://nobody@127.0.0.1:1/nowhere"
    async with open_service(database_url=url, migrated=False) as service:
        assert await service.figure('athar_part_up{part="database"}') == 0
        assert await service.figure("athar_outbox_unsent_messages") is None


async def test_a_count_stops_at_its_limit(service: Lone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "COUNTED", 2)
    await service.receive(("a", 1), ("b", 1), ("c", 1))
    await tell_facts(service.runtime.database, ("a", 1), ("b", 1), ("c", 1))
    assert await service.figure("athar_inbox_due_messages") == 2
    assert await service.figure("athar_outbox_unsent_messages") == 2


async def fill(database: Database) -> None:
    """As many messages and facts of the past as a busy year leaves; a few that wait, fail, or are dead."""
    past = {"source": "intake", "type": "case.completed", "due_at": NOON, "received_at": NOON, "attempts": 0}
    facts = {"type": "survey.answered", "envelope": "{}", "created_at": NOON}

    def states(number: int) -> str:
        return {0: tables.DEAD, 1: tables.READY}.get(number % 10_000, tables.DONE)

    async with database.engine.begin() as connection:
        for begin in range(0, MANY, 10_000):
            some = range(begin, begin + 10_000)
            messages = [
                past | {"event_id": f"e{n}", "key": f"k{n // 10}", "seq": n % 10 + 1, "state": states(n)} for n in some
            ]
            told = [
                facts | {"event_id": f"o{n}", "key": f"k{n}", "seq": 1, "stream_ms": n + 1, "stream_n": 0} for n in some
            ]
            await connection.execute(insert(tables.inbox), messages)
            await connection.execute(insert(tables.outbox), told)
        unsent = facts | {"event_id": "unsent", "key": "unsent", "seq": 1}
        await connection.execute(insert(tables.outbox), [unsent])
        await connection.execute(text("ANALYZE"))


async def test_no_figure_reads_a_whole_table_of_a_hundred_thousand(service: Lone) -> None:
    database = service.runtime.database
    await fill(database)
    async with database.read() as session:
        async with statements_of(database) as asked:
            figures = await standing_of(session, now=NOON + timedelta(days=1))
            await standing_by_source(session, now=NOON + timedelta(days=1))
        assert (figures.due, sum(figures.dead.values()), figures.unsent, figures.behind_dead) == (10, 10, 1, 10)
        assert len(asked) >= 10
        for statement, parameters in asked:
            plan = await plan_of(session, statement, parameters, sqlite=database.is_sqlite)
            assert not reads_a_whole_table(plan), f"{statement}\n{plan}"
