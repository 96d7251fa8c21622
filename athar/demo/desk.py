"""The branch's desk at work: received, completed, clarified, signed, sent up."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from athar.demo.office import Office, Unexpected
from athar.demo.people import next_person
from athar.demo.walkers import CASES, Fate, Refusals, Walker
from shared.language.calendar import riyadh_day
from shared.language.clauses import Channel
from shared.language.roles import Role
from shared.plumbing.clock import Clock

PUBLIC = frozenset({Channel.WEBSITE, Channel.HELP_REQUEST})
PUBLIC_DOOR, PEOPLE = "/intake/api/v1/public/requests", "/intake/api/v1/people"


@dataclass
class Desk:
    """Delegates and officers of one association."""

    office: Office
    clock: Clock
    refusals: Refusals
    looks_first: bool = True

    async def lay_out(self) -> None:
        """Put the tools in force, send the policy round, and have the staff read it."""
        admin = Role.ASSOCIATION_ADMINISTRATOR
        for tool in self.office.pack.tools:
            text = {"edition": "1", "title": tool.value, "text": f"نص {tool.value} الساري"}
            await self.office.post(f"/intake/api/v1/tools/{tool.value}/editions", text, role=admin)
        new = {"edition": self.office.pack.document.edition, "summary": "عُممت السياسة بعد مراجعتها"}
        circulation = await self.office.post("/intake/api/v1/policy/circulations", new, role=admin)
        for role in (Role.DELEGATE, Role.SOCIAL_RESEARCHER):
            path = f"/intake/api/v1/policy/circulations/{circulation['id']}/acknowledgement"
            await self.office.post(path, role=role)

    async def try_other_channels(self) -> None:
        """A channel that the association did not adopt is refused, with its clause."""
        pack = self.office.pack
        for channel in Channel:
            if pack.adopts(channel.clause):
                continue
            request = self._request(Walker(channel, Fate.SERVED, next_person(), pack.services[0]))
            if channel in PUBLIC:
                refused = await self.office.refused(PUBLIC_DOOR, {**request, "association_id": pack.id}, role=None)
            else:
                refused = await self.office.refused(CASES, request, role=Role.INTAKE_OFFICER)
            if refused.clause != channel.clause.value:
                raise Unexpected(f"{pack.id}: {channel.value} was refused for {refused.clause}")
            self.refusals.note(f"{channel.clause.value}", code=refused.code, expected="channel_not_adopted")

    async def receive(self, walker: Walker) -> None:
        """The first contact, by the walker's channel; at a desk he is looked for before his file is opened."""
        request, now = self._request(walker), self.clock.now()
        if walker.channel in PUBLIC:
            body = {**request, "association_id": self.office.pack.id}
            receipt = await self.office.post(PUBLIC_DOOR, body, role=None)
            walker.reference = receipt["reference"]
            await self._find(walker)
            return
        if self.looks_first:
            found = await self.office.get(f"{PEOPLE}?q={walker.person.national_id}", role=walker.front)
            request["search"] = found["search"]
        case = await self.office.post(CASES, request, role=walker.front)
        walker.case_id, walker.reference = case["id"], case["reference"]
        began = now - timedelta(minutes=25)
        reception = {"started_at": began.isoformat(), "ended_at": now.isoformat(), "questions_answered": 3}
        await self.office.post(f"{CASES}/{walker.case_id}/reception", {"reception": reception}, role=walker.front)

    async def bring_up(self, walker: Walker) -> None:
        """Tools opened, what is missing found and completed, the unclear explained, signed, and sent up."""
        path = f"{CASES}/{walker.case_id}"
        for tool in self.office.pack.tools:
            await self.office.post(f"{path}/tools/{tool.value}/consultation", role=walker.front)
        if walker.fate is Fate.CLARIFIED:
            await self.papers(walker, all_but_last=True)
            found = await self.office.post(f"{path}/check", role=walker.front)
            if found["status"] != "incomplete":
                raise Unexpected(f"{walker.reference} lacks a paper and was found {found['status']}")
            await self._clarify(path, walker)
        await self.papers(walker)
        await self.send_up(walker)

    async def send_up(self, walker: Walker) -> None:
        """Checked, signed where the policy asks for it, and referred."""
        path, text = f"{CASES}/{walker.case_id}", self.office.pack.attestation
        await self.office.post(f"{path}/check", role=walker.front)
        if text is not None:
            early = await self.office.refused(f"{path}/referral", role=walker.front)
            self.refusals.note("a referral before the signature", code=early.code, expected="attestation_missing")
            signature = {
                "text_version": text.version,
                "accepted_statements": len(text.statements),
                "signed_name": walker.person.name,
            }
            await self.office.post(f"{path}/attestation", signature, role=walker.front)
        await self.office.post(f"{path}/referral", role=walker.front)

    async def papers(self, walker: Walker, *, all_but_last: bool = False) -> None:
        """The required papers, valid today."""
        today = riyadh_day(self.clock.now())
        required = [demand for demand in walker.service.documents if demand.required]
        for demand in required[:-1] if all_but_last else required:
            paper = {
                "kind": demand.kind,
                "number": walker.person.national_id,
                "issued_on": today.isoformat(),
                "expires_on": (today + timedelta(days=700)).isoformat(),
            }
            await self.office.post(f"{CASES}/{walker.case_id}/documents", paper, role=walker.front)

    async def serve(self, walker: Walker) -> None:
        """Registered and delivered."""
        path = f"{CASES}/{walker.case_id}"
        await self.office.post(f"{path}/registration", role=walker.front)
        handover = {
            "delivered_on": riyadh_day(self.clock.now()).isoformat(),
            "received_by": walker.person.name,
            "proof": "توقيع المستلم",
        }
        await self.office.post(f"{path}/delivery", handover, role=walker.front)

    async def follow_up(self, walker: Walker) -> None:
        """Asked, unasked, how it went; written down; and the file closed."""
        path = f"{CASES}/{walker.case_id}"
        await self.office.until(
            f"{walker.reference} asked for its benefit",
            f"{path}/timeline",
            lambda entries: any(entry["event"] == "benefit.follow_up_due" for entry in entries),
            role=Role.AUDITOR,
        )
        known = {"useful": True, "note": "استفاد من الخدمة وانتظم"}
        await self.office.post(f"{path}/benefit", known, role=walker.front)
        await self.office.post(f"{path}/closing", role=walker.front)

    async def status(self, walker: Walker, status: str) -> None:
        """Wait for the case to stand there."""
        path = f"{CASES}/{walker.case_id}"
        what = f"{walker.reference} {status}"
        await self.office.until(what, path, lambda case: case["status"] == status, role=Role.AUDITOR)

    async def _clarify(self, path: str, walker: Walker) -> None:
        question = {"question": "هل تسقط الكفالة إذا عملت الأم؟"}
        asked = await self.office.post(f"{path}/clarifications", question, role=walker.front)
        answer = {"answer": "لا تسقط بذلك، وإنما يُنظر في نصيب الفرد من الدخل.", "misconception_corrected": True}
        await self.office.post(f"{path}/clarifications/{asked['id']}/answer", answer, role=Role.SOCIAL_RESEARCHER)

    async def _find(self, walker: Walker) -> None:
        """The request that came from the website, in the head office's list."""
        after: str | None = ""
        while after is not None:
            page = await self.office.get(f"{CASES}?limit=200&after={after}", role=Role.INTAKE_OFFICER)
            for case in page["items"]:
                if case["reference"] == walker.reference:
                    walker.case_id = case["id"]
                    return
            after = page["next"]
        raise Unexpected(f"{walker.reference} was received and is not in the list")

    def _request(self, walker: Walker) -> dict[str, Any]:
        sample: dict[str, str | int | bool] = {"text": "دعم عاجل للأسرة", "integer": 5, "boolean": True}
        person = walker.person
        return {
            "channel": walker.channel.value,
            "service_id": walker.service.id,
            "applicant": {
                "national_id": person.national_id,
                "name": person.name,
                "mobile": person.mobile,
                "email": person.email,
            },
            "form": {field.id: sample[field.kind] for field in walker.service.form},
        }
