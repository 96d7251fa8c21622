"""People at work while everything breaks: each asks until he is answered, and what he was answered is written down."""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx

from athar.demo import office as demo_office
from athar.demo.body import Body
from athar.demo.desk import Desk
from athar.demo.office import Office, eventually
from athar.demo.people import next_person
from athar.demo.voices import Voices
from athar.demo.walkers import CASES, Fate, Refusals, Walker, each
from shared.language.roles import Role
from shared.plumbing.clock import Clock
from shared.plumbing.origin import new_id
from shared.policy.adopted import packs
from tests.faults.stack import Stack

OTHER_MEMBERS = 10
FLOOR = timedelta(days=14)
SLOW_BY = timedelta(hours=2)
TRY_AGAIN = frozenset({401, 408, 429, 500, 502, 503, 504})
ANSWERED_TWICE = "idempotency-replayed"


@dataclass(frozen=True)
class Answered:
    """What somebody was told is done."""

    path: str
    key: str
    role: str | None
    answer: Any


@dataclass
class Diary:
    """The people's truth: what was answered, and how often they had to ask."""

    answered: list[Answered] = field(default_factory=list)
    retried: int = 0
    statuses: Counter[int] = field(default_factory=Counter)


demo_office.PATIENCE_SECONDS = 150.0
"""Nobody in these runs gives up before PostgreSQL gives up a connection that is gone."""


class PatientOffice(Office):
    """Asks again, with the same key, until there is an answer."""

    diary: Diary

    async def _send(
        self, method: str, path: str, body: Any, *, role: Role | None, person: str | None
    ) -> httpx.Response:
        key = new_id()

        async def ask() -> httpx.Response | None:
            headers = {"Accept-Language": "en"}
            if role is not None:
                # A fresh token each time: the clock may have jumped.
                headers["Authorization"] = f"Bearer {self.token(role, person)}"
            if method == "POST":
                headers["Idempotency-Key"] = key
            try:
                answer = await self._client.request(method, path, json=body, headers=headers)
            except httpx.TransportError:
                answer = None
            else:
                self.diary.statuses[answer.status_code] += 1
            if (
                answer is None
                or answer.status_code in TRY_AGAIN
                or (answer.status_code == 409 and answer.json()["code"] == "collided")
            ):
                self.diary.retried += 1
                return None
            return answer

        answer: httpx.Response = await eventually(f"an answer to {method} {path}", ask)
        if method == "POST" and answer.status_code < 300:
            self.diary.answered.append(
                Answered(path, key, role.value if role else None, answer.json() if answer.content else None)
            )
        return answer


@dataclass(frozen=True)
class SlowWatch:
    """The clock on a desk, behind the one that may jump: what it says is never ahead of what a service reads."""

    clock: Clock

    def now(self) -> datetime:
        return self.clock.now() - SLOW_BY


@dataclass
class Case:
    """One case, and those who bring it on its way."""

    office: PatientOffice
    walker: Walker
    desk: Desk
    body: Body
    voices: Voices

    async def go_up(self) -> None:
        """From the first contact to the decision."""
        await self.desk.receive(self.walker)
        await self.desk.bring_up(self.walker)
        if self.walker.fate is Fate.WITHDRAWN:
            await self.office.post(f"{CASES}/{self.walker.case_id}/withdrawal", role=self.walker.front)
            return
        await self.body.study(self.walker)
        verdict = {Fate.REJECTED: "rejected", Fate.RETURNED: "returned"}.get(self.walker.fate, "accepted")
        await self.body.decide(self.walker, verdict)
        if self.walker.fate is Fate.RETURNED:
            await self.desk.status(self.walker, "incomplete")
            await self.desk.papers(self.walker)
            await self.desk.send_up(self.walker)
            await self.body.study(self.walker, round_=2)
            await self.body.decide(self.walker, "accepted", first_member=OTHER_MEMBERS)

    async def be_served(self) -> None:
        """The answer has come; what was accepted is delivered."""
        if self.walker.fate is Fate.WITHDRAWN:
            return
        await self.desk.status(self.walker, "answered")
        if self.walker.fate is Fate.REJECTED:
            await self.office.post(f"{CASES}/{self.walker.case_id}/closing", role=self.walker.front)
        else:
            await self.desk.serve(self.walker)

    async def be_closed(self) -> None:
        """Asked how it went, and the file closed; then he says how it was."""
        if self.walker.fate not in {Fate.WITHDRAWN, Fate.REJECTED}:
            await self.desk.follow_up(self.walker)
        await self.voices.answer_survey(self.walker)


def cases_of(
    stack: Stack, client: httpx.AsyncClient, diary: Diary, *, fates: Iterable[Fate], chance: random.Random
) -> list[Case]:
    """A case for each fate, of two associations drawn by `chance`."""
    chosen, cases = chance.sample(sorted(packs().values(), key=lambda pack: pack.id), k=2), []
    for number, fate in enumerate(fates):
        pack = chosen[number % len(chosen)]
        office = PatientOffice(pack, client=client, key=stack.key, clock=stack.clock)
        office.diary = diary
        refusals = Refusals(office)
        cases.append(
            Case(
                office,
                Walker(chance.choice(pack.channels), fate, next_person(), chance.choice(pack.services)),
                # The clock may jump by more than a search counts.
                Desk(office, SlowWatch(stack.clock), refusals, looks_first=False),
                Body(office, refusals),
                Voices(office, stack.clock),
            )
        )
    return cases


async def lay_out(cases: Iterable[Case]) -> None:
    """What an association needs before its first case."""
    await each(case.desk.lay_out() for case in {case.office.pack.id: case for case in cases}.values())
