"""The reviewing body at work: the committee with its votes, or the department with its word."""

from dataclasses import dataclass
from typing import Any

from athar.demo.office import Office
from athar.demo.walkers import REVIEWS, Refusals, Walker
from shared.language.clauses import ReviewingBody
from shared.language.roles import Role

REASON = {"accepted": "الحاجة ثابتة والشروط مكتملة", "rejected": "لا تنطبق شروط الخدمة", "returned": "ينقص مستند"}


@dataclass
class Body:
    """Researchers, members, chair and department deciders of one association."""

    office: Office
    refusals: Refusals

    @property
    def votes(self) -> bool:
        return self.office.pack.reviewing_body is ReviewingBody.COMMITTEE

    async def study(self, walker: Walker, *, round_: int = 1) -> None:
        """The report, without which nobody may decide."""
        path = f"{REVIEWS}/{walker.case_id}"
        await self.office.until(
            f"{walker.reference} before the body, round {round_}",
            f"{path}/review",
            lambda review: review["round"] == round_,
            role=Role.SOCIAL_RESEARCHER,
        )
        early = await self.office.refused(**self._decision(path, "accepted"))
        self.refusals.note("a decision before the study", code=early.code, expected="study_missing")
        findings = {"findings": "زيارة ميدانية؛ البيانات مطابقة للواقع."}
        await self.office.post(f"{path}/study", findings, role=Role.SOCIAL_RESEARCHER)

    async def decide(self, walker: Walker, verdict: str, *, first_member: int = 0) -> None:
        """As many votes as the quorum asks for, and the decision."""
        path = f"{REVIEWS}/{walker.case_id}"
        if self.votes and (committee := self.office.pack.committee) is not None:
            for member in range(first_member, first_member + committee.quorum):
                await self._vote(path, verdict, person=f"member-{member}")
        missing = [demand.kind for demand in walker.service.documents if demand.required][-1:]
        await self.office.post(**self._decision(path, verdict, missing=missing if verdict == "returned" else []))

    async def try_same_member(self, walker: Walker) -> None:
        """Whoever rejected a case does not decide it again."""
        ballot = {"verdict": "accepted", "reason": REASON["accepted"]}
        again = await self.office.refused(
            f"{REVIEWS}/{walker.case_id}/votes", ballot, role=Role.COMMITTEE_MEMBER, person="member-0"
        )
        self.refusals.note("an appeal before who rejected it", code=again.code, expected="not_impartial")

    async def _vote(self, path: str, verdict: str, *, person: str) -> None:
        ballot = {"verdict": verdict, "reason": REASON[verdict]}
        await self.office.post(f"{path}/votes", ballot, role=Role.COMMITTEE_MEMBER, person=person)

    def _decision(self, path: str, verdict: str, *, missing: list[str] | None = None) -> dict[str, Any]:
        decision: dict[str, Any] = {"reason": REASON[verdict], "missing": missing or []}
        if self.votes:
            return {"path": f"{path}/committee-decision", "body": decision, "role": Role.COMMITTEE_CHAIR}
        decision["verdict"] = verdict
        return {"path": f"{path}/department-decision", "body": decision, "role": Role.DEPARTMENT_DECIDER}
