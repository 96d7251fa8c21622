"""Every case that came to an end is asked about, once, and its code is nowhere to be read."""

import re

import pytest
from sqlalchemy import MetaData, select, text

from services.feedback.domain.survey import CODE_ALPHABET
from shared.language.events import Ending, Event, SurveyInvited
from shared.plumbing import tables
from shared.plumbing.envelope import envelope_of
from shared.plumbing.inbox import DATA, take_in
from shared.plumbing.scope import EVERYTHING
from tests.feedback.build import REPLY, closed, code_of, invitations, withdrawn
from tests.harness.desk import Desk


@pytest.mark.parametrize(
    ("fact", "ending"),
    [
        (closed(ending=Ending.SERVED), Ending.SERVED),
        (closed(ending=Ending.REJECTED), Ending.REJECTED),
        (withdrawn(), Ending.WITHDRAWN),
    ],
)
async def test_whoever_came_to_an_end_is_asked_how_it_was(feedback: Desk, fact: Event, ending: Ending) -> None:
    await feedback.hear(fact)
    (invited,) = await invitations(feedback)
    assert (invited.case_id, invited.ending) == ("case-1", ending)


async def test_the_same_fact_twice_invites_once(feedback: Desk) -> None:
    fact = closed()
    envelope = envelope_of(fact, seq=1, at=feedback.clock.now())
    entry = (b"1-1", {DATA: envelope.model_dump_json().encode()})
    for _ in range(2):
        await take_in(feedback.runtime.database, source=fact.source, entries=[entry], now=feedback.clock.now())
        await feedback.settle()
    assert len(await feedback.told(SurveyInvited)) == 1
    assert await feedback.dead() == []


async def test_a_case_that_ends_twice_is_asked_about_once(feedback: Desk) -> None:
    await feedback.hear(withdrawn(), closed(ending=Ending.REJECTED))
    (invited,) = await invitations(feedback)
    assert invited.ending is Ending.WITHDRAWN
    assert await feedback.dead() == []


async def test_each_case_has_a_code_of_its_own_without_look_alikes(feedback: Desk) -> None:
    await feedback.hear(*(closed(f"case-{n}") for n in range(20)))
    codes = [await code_of(feedback, f"case-{n}") for n in range(20)]
    assert len(set(codes)) == 20
    assert all(re.fullmatch(f"[{CODE_ALPHABET}]{{11}}", code) for code in codes)
    assert not set(CODE_ALPHABET) & set("01ilo")


async def test_the_code_is_nowhere_in_clear(feedback: Desk) -> None:
    await feedback.hear(closed())
    code = await code_of(feedback)
    await feedback.call(
        "POST", f"/api/v1/public/surveys/{code}", body=REPLY, headers={"Idempotency-Key": "my-first-answer"}
    )
    rows = await all_rows(feedback)
    assert code not in rows
    assert str(REPLY["comment"]) not in rows
    (envelope, *_) = await envelopes(feedback)
    assert code not in envelope


async def test_no_answer_names_its_case(feedback: Desk) -> None:
    await feedback.hear(closed())
    await feedback.call("POST", f"/api/v1/public/surveys/{await code_of(feedback)}", body=REPLY)
    async with feedback.runtime.database.read(scope=EVERYTHING) as session:
        (row,) = (await (await session.connection()).execute(text("SELECT * FROM survey_answers"))).all()
        (invitation,) = (await (await session.connection()).execute(text("SELECT id FROM invitations"))).all()
    told = repr(row)
    assert "case-1" not in told
    assert invitation.id not in told


async def envelopes(desk: Desk) -> list[str]:
    async with desk.runtime.database.read(scope=EVERYTHING) as session:
        query = select(tables.outbox.c.envelope).order_by(tables.outbox.c.id)
        return list((await (await session.connection()).execute(query)).scalars())


async def all_rows(desk: Desk) -> str:
    """Everything that stands in the database, as the database holds it."""
    found = MetaData()
    async with desk.runtime.database.read(scope=EVERYTHING) as session:
        connection = await session.connection()
        await connection.run_sync(found.reflect)
        names = [table.name for table in found.sorted_tables]
        assert {"invitations", "survey_answers", "outbox_events", "inbox_messages"} <= set(names)
        rows = [(await connection.execute(text(f'SELECT * FROM "{name}"'))).all() for name in names]  # noqa: S608
    return repr(rows)
