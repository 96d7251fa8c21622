"""The reviewing body at work: researchers, members, chair and department, each through the HTTP door."""

from datetime import timedelta
from typing import Any

import httpx

from shared.language.clauses import ReviewingBody
from shared.language.events import CaseAppealed, CaseReferred
from shared.language.roles import Role
from shared.plumbing.seal import seal
from shared.policy.adopted import pack_of
from tests.contracts.problem import refused
from tests.harness.desk import ASSOCIATION, Desk

KHARJ = "kharj-dawah"
RESEARCHER = "researcher-1"
CHAIR = "chair-1"


class Body:
    """Who studies and decides for one association."""

    def __init__(self, desk: Desk, *, association: str = ASSOCIATION, case: str = "case-1") -> None:
        self.desk = desk
        self.pack = pack_of(association)
        self.case = case

    def referral(self, kind: type[CaseReferred | CaseAppealed] = CaseReferred, *, round_: int = 1) -> Any:
        now, floor = self.desk.clock.now(), self.pack.reply_floor_days
        return kind(
            association_id=self.pack.id,
            case_id=self.case,
            reference=f"{self.pack.association.code}-2026-000001",
            round=round_,
            branch_id=self.pack.branches[1].id,
            service_id=self.pack.services[0].id,
            department_id=self.pack.services[0].department,
            reviewing_body=self.pack.reviewing_body,
            referred_at=now,
            floor_days=floor,
            answer_not_before=now + timedelta(days=floor),
            file=seal('{"applicant_name": "نورة الحربي"}'),
        )

    async def take_up(self, kind: type[CaseReferred | CaseAppealed] = CaseReferred, *, round_: int = 1) -> None:
        await self.desk.hear(self.referral(kind, round_=round_))
        assert await self.desk.dead() == []

    def who(self, role: Role, person: str | None = None) -> dict[str, Any]:
        return {"role": role, "person": person, "association": self.pack.id}

    async def post(self, path: str, body: Any, role: Role, person: str | None = None) -> dict[str, Any]:
        answer = await self.call("POST", path, role, person, body=body)
        assert answer.status_code == 201, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    async def call(
        self, method: str, path: str, role: Role, person: str | None = None, *, body: Any = None
    ) -> httpx.Response:
        return await self.desk.call(method, f"/api/v1/cases/{self.case}/{path}", body=body, **self.who(role, person))

    async def refuse(self, path: str, body: Any, role: Role, person: str | None = None, **expected: Any) -> None:
        """The step is refused as `expected`, and writes nothing."""
        whole = f"/api/v1/cases/{self.case}/{path}"
        await refused(self.desk, "POST", whole, body=body, **(self.who(role, person) | expected))

    async def study(self, person: str = RESEARCHER) -> dict[str, Any]:
        return await self.post("study", {"findings": "زيارة منزلية"}, Role.SOCIAL_RESEARCHER, person)

    async def vote(self, *verdicts: str, first: int = 0) -> None:
        """A vote of each of member-0, member-1 and so on, counted from `first`."""
        for number, verdict in enumerate(verdicts, start=first):
            await self.post("votes", ballot(verdict), Role.COMMITTEE_MEMBER, f"member-{number}")

    async def decide(self) -> dict[str, Any]:
        return await self.post(
            "committee-decision", {"reason": "بالأغلبية", "missing": []}, Role.COMMITTEE_CHAIR, CHAIR
        )

    async def rule(self, verdict: str, person: str = "decider-1") -> dict[str, Any]:
        """The department's own word."""
        missing = [self.pack.services[0].documents[0].kind] if verdict == "returned" else []
        body = ballot(verdict) | {"missing": missing}
        return await self.post("department-decision", body, Role.DEPARTMENT_DECIDER, person)

    async def reject(self, *, members: int = 3) -> None:
        """A first round that ended in a rejection, told on its day."""
        await self.take_up()
        await self.study()
        if self.pack.reviewing_body is ReviewingBody.COMMITTEE:
            await self.vote(*["rejected"] * members)
            await self.decide()
        else:
            await self.rule("rejected")
        self.desk.clock.forward(timedelta(days=self.pack.reply_floor_days))
        await self.desk.settle()


def ballot(verdict: str) -> dict[str, str]:
    return {"verdict": verdict, "reason": "لأسباب مذكورة"}
