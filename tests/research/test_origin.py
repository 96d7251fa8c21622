"""Every event says what it answers, who did it, and in which trace it stands."""

from sqlalchemy import select

from shared.language.roles import Role
from shared.plumbing import tables
from shared.plumbing.envelope import Envelope
from tests.harness.desk import Desk
from tests.research.test_review import CASE, referred

TRACE = "0af7651916cd43dd8448eb211c80319c"


async def envelopes(desk: Desk, table: str) -> list[Envelope]:
    source = {"outbox": tables.outbox, "inbox": tables.inbox}[table]
    async with desk.runtime.database.read() as session:
        rows = await (await session.connection()).execute(select(source.c.envelope).order_by(source.c.id))
        return [Envelope.model_validate_json(row) for row in rows.scalars()]


async def test_an_event_stands_in_the_trace_of_the_request_that_told_it(research: Desk) -> None:
    await research.hear(referred(research))
    answer = await research.call(
        "POST",
        f"/api/v1/cases/{CASE}/study",
        role=Role.SOCIAL_RESEARCHER,
        body={"findings": "زيارة"},
        headers={"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"},
    )
    (studied,) = await envelopes(research, "outbox")
    assert studied.traceparent is not None
    assert studied.traceparent.split("-")[1] == TRACE
    assert answer.headers["traceparent"].split("-")[1] == TRACE
    assert studied.correlation_id == answer.headers["x-correlation-id"]
    assert studied.causation_id is None
    assert (studied.actor.person_id, studied.actor.role) == ("social_researcher-1", Role.SOCIAL_RESEARCHER)


async def test_a_held_answer_names_the_timer_that_let_it_go_and_the_request_it_goes_back_to(research: Desk) -> None:
    await research.hear(referred(research))
    await research.call("POST", f"/api/v1/cases/{CASE}/study", role=Role.SOCIAL_RESEARCHER, body={"findings": "زيارة"})
    for member in range(3):
        body = {"verdict": "accepted", "reason": "نعم"}
        path = f"/api/v1/cases/{CASE}/votes"
        await research.call("POST", path, role=Role.COMMITTEE_MEMBER, person=f"m{member}", body=body)
    path = f"/api/v1/cases/{CASE}/committee-decision"
    decision = await research.call("POST", path, role=Role.COMMITTEE_CHAIR, body={"reason": "بالأغلبية"})
    research.clock.at = (await envelopes(research, "inbox"))[-1].at
    await research.settle()

    *_, decided, answered = await envelopes(research, "outbox")
    assert [decided.type, answered.type] == ["case.decided", "case.answered"]
    assert answered.causation_id is not None
    assert answered.causation_id.startswith("timer:answer.due:")
    assert answered.correlation_id == decided.correlation_id == decision.headers["x-correlation-id"]
    assert (answered.actor.person_id, answered.actor.role) == ("system", None)
