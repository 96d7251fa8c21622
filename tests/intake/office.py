"""One association's office at work: every step through the HTTP door, and the body's words through the inbox."""

from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import select

from shared.language.case_lifecycle import CaseStatus
from shared.language.clauses import Channel
from shared.language.events import CaseAnswered, CaseDecided, CaseReferred, CaseReturned, CaseStudied, Event, Outcome
from shared.language.roles import Role
from shared.plumbing import tables
from shared.plumbing.envelope import Envelope
from shared.plumbing.inbox import DATA, take_in
from shared.plumbing.seal import seal
from shared.policy.adopted import pack_of
from tests.contracts.problem import refused
from tests.harness.desk import ASSOCIATION, Desk

KHARJ = "kharj-dawah"
NATIONAL_ID = "1000000008"
OTHER_NATIONAL_ID = "2000000006"
NAME = "نورة الحربي"
MOBILE = "٠٥٥٥٠٠٠١١١"

S = CaseStatus


class Office:
    """The staff of one association; `who` says as whom they call where a step names nobody else."""

    def __init__(self, desk: Desk, *, association: str = ASSOCIATION, **who: Any) -> None:
        self.desk = desk
        self.pack = pack_of(association)
        self.service = self.pack.services[0]
        self.who = {"role": Role.INTAKE_OFFICER, "association": association} | who

    def new_case(self, **changes: Any) -> dict[str, Any]:
        sample = {"text": "حاجة", "integer": 4, "boolean": True}
        return {
            "channel": Channel.INTERVIEW,
            "service_id": self.service.id,
            "applicant": {"national_id": NATIONAL_ID, "name": NAME, "mobile": MOBILE},
            "form": {field.id: sample[field.kind] for field in self.service.form},
            **changes,
        }

    def signature(self, **changes: Any) -> dict[str, Any]:
        text = self.pack.attestation
        assert text is not None
        signed = {"text_version": text.version, "accepted_statements": len(text.statements), "signed_name": NAME}
        return signed | changes

    def handover(self, **changes: Any) -> dict[str, Any]:
        return {"delivered_on": str(self.desk.clock.now().date()), "received_by": NAME, "proof": "توقيع"} | changes

    def paper(self, kind: str, **changes: Any) -> dict[str, Any]:
        today = self.desk.clock.now().date()
        return {"kind": kind, "issued_on": str(today), "expires_on": str(today + timedelta(days=400))} | changes

    async def begin(self, **changes: Any) -> dict[str, Any]:
        """A draft."""
        answer = await self.post("/api/v1/cases", self.new_case(**changes))
        case: dict[str, Any] = answer.json()
        return case

    async def post(self, path: str, body: Any = None, **who: Any) -> httpx.Response:
        answer = await self.desk.call("POST", path, body=body, **(self.who | who))
        assert answer.status_code < 300, answer.text
        return answer

    async def get(self, path: str, **who: Any) -> Any:
        answer = await self.desk.call("GET", path, **(self.who | who))
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def step(self, case: dict[str, Any], path: str, body: Any = None, **who: Any) -> dict[str, Any]:
        answer = await self.post(f"/api/v1/cases/{case['id']}/{path}", body, **who)
        result: dict[str, Any] = answer.json()
        return result

    async def refuse_step(self, case: dict[str, Any], path: str, body: Any = None, **expected: Any) -> dict[str, Any]:
        """The step is refused as `expected`, and writes nothing."""
        whole = f"/api/v1/cases/{case['id']}/{path}"
        return await refused(self.desk, "POST", whole, body=body, **(self.who | expected))

    async def now(self, case: dict[str, Any]) -> dict[str, Any]:
        shown: dict[str, Any] = await self.get(f"/api/v1/cases/{case['id']}")
        return shown

    async def give_papers(self, case: dict[str, Any]) -> None:
        for demand in self.service.documents:
            if demand.required:
                await self.step(case, "documents", self.paper(demand.kind))

    async def hear_body(self, *events: Event) -> None:
        """The body speaks; nothing of it may end as a dead letter."""
        await self.desk.hear(*events)
        assert await self.desk.dead() == []

    def names(self, case: dict[str, Any]) -> dict[str, Any]:
        return {"association_id": self.pack.id, "case_id": case["id"], "reference": case["reference"]}

    def studied(self, case: dict[str, Any], *, round_: int = 1) -> CaseStudied:
        return CaseStudied(**self.names(case), round=round_)

    def decided(self, case: dict[str, Any], *, round_: int = 1) -> CaseDecided:
        return CaseDecided(**self.names(case), round=round_, held_until=self.desk.clock.now())

    def returned(self, case: dict[str, Any], *missing: str, round_: int = 1) -> CaseReturned:
        return CaseReturned(**self.names(case), round=round_, missing=missing)

    def answered(self, case: dict[str, Any], *, outcome: Outcome, round_: int = 1) -> CaseAnswered:
        now, floor = self.desk.clock.now(), self.pack.reply_floor_days
        return CaseAnswered(
            **self.names(case),
            round=round_,
            outcome=outcome,
            reason=seal("قررت اللجنة"),
            referred_at=now - timedelta(days=floor),
            answered_at=now,
            floor_days=floor,
        )

    async def walk(
        self, *, to: CaseStatus, outcome: Outcome = Outcome.ACCEPTED, case: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """A case that was brought to `to` by the shortest lawful way."""
        case = case or await self.begin()
        for status in self._way(to):
            await self.advance(case, to=status, outcome=outcome)
        return await self.now(case)

    def _way(self, to: CaseStatus) -> list[CaseStatus]:
        if to is S.EXPIRED:
            return [S.RECEIVED, S.INCOMPLETE, S.EXPIRED]
        way = [S.RECEIVED, S.INCOMPLETE, S.COMPLETE, S.ATTESTED, S.REFERRED, S.DECIDED, S.ANSWERED]
        way += [S.REGISTERED, S.DELIVERED, S.CLOSED]
        if self.pack.attestation is None:
            way.remove(S.ATTESTED)
        if to is S.WITHDRAWN:
            return [S.WITHDRAWN]
        return way[: way.index(to) + 1] if to in way else []

    async def advance(self, case: dict[str, Any], *, to: CaseStatus, outcome: Outcome = Outcome.ACCEPTED) -> None:
        """Take the one step that brings a case to `to` from the status before it."""
        match to:
            case S.RECEIVED:
                await self.step(case, "reception", {})
            case S.INCOMPLETE:
                await self.step(case, "check")
            case S.COMPLETE:
                await self.give_papers(case)
                await self.step(case, "check")
            case S.ATTESTED:
                await self.step(case, "attestation", self.signature())
            case S.REFERRED:
                await self.step(case, "referral")
            case S.DECIDED:
                await self.hear_body(self.studied(case), self.decided(case))
            case S.ANSWERED:
                await self.hear_body(self.answered(case, outcome=outcome))
            case S.REGISTERED:
                await self.step(case, "registration")
            case S.DELIVERED:
                await self.step(case, "delivery", self.handover())
            case S.CLOSED:
                await self.step(case, "benefit", {"useful": True, "note": "انتفع"})
                await self.step(case, "closing")
            case S.WITHDRAWN:
                await self.step(case, "withdrawal")
            case _:
                self.desk.clock.forward(timedelta(days=self.pack.expire_incomplete_after_days or 0))
                await self.desk.settle()


async def hear_itself(desk: Desk) -> None:
    """Bring what the desk told to its own ears, as the stream would; what it heard before does nothing."""
    async with desk.runtime.database.read() as session:
        connection = await session.connection()
        rows = (await connection.execute(select(tables.outbox.c.envelope).order_by(tables.outbox.c.id))).scalars().all()
    for row in rows:
        envelope = Envelope.model_validate_json(row)
        entry = (envelope.id.encode(), {DATA: row.encode()})
        source = desk.runtime.service.source
        await take_in(desk.runtime.database, source=source, entries=[entry], now=desk.clock.now())
    await desk.settle()


async def referral_of(desk: Desk) -> CaseReferred:
    """The last referral that was told."""
    *_, referred = await desk.told(CaseReferred)
    assert isinstance(referred, CaseReferred)
    return referred
