"""The shortest honest case: from the first contact to the answered survey, through all four services.

The pack is Kharj's: its department decides and no floor holds the answer, so the run waits for no day and the clock is
the machine's own. The applicant has a mobile and no e-mail: one message a step.
"""

import asyncio
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from athar.demo.people import next_person
from benchmarks.client import Client, Refused
from shared.language.calendar import riyadh_day
from shared.language.clauses import Channel
from shared.language.roles import Role
from shared.plumbing.clock import SystemClock
from shared.policy.adopted import packs

PACK = packs()["kharj-dawah"]
SERVICE = PACK.services[0]
CODE = re.compile(r"(?<![\w@.-])[0-9A-Za-z]{11}(?![\w@.-])")
SAMPLE: dict[str, str | int | bool] = {"text": "دعم عاجل للأسرة", "integer": 5, "boolean": True}
FIRST_LOOK_AFTER, LONGEST_PAUSE, SLOWER = 0.004, 4.0, 1.7
PATIENCE_SECONDS = 90
FRONT, RESEARCHER, DECIDER = Role.INTAKE_OFFICER, Role.SOCIAL_RESEARCHER, Role.DEPARTMENT_DECIDER
OPERATOR = Role.NOTIFICATIONS_OPERATOR
ADMINISTRATOR = Role.ASSOCIATION_ADMINISTRATOR
ROLES = (FRONT, RESEARCHER, DECIDER, OPERATOR, ADMINISTRATOR, Role.PLATFORM_OPERATOR, Role.AUDITOR)


async def walk_case(client: Client, *, name: str) -> str:
    """Walk one case to its end; its id. `name` is the root of its idempotency keys, and no other walk has it."""
    now = SystemClock().now()

    async def post(
        step: str, path: str, body: Any = None, *, role: Role | None = FRONT, service: str = "intake"
    ) -> Any:
        return await client.post(service, path, body, step=step, role=role, key=f"{name}:{step}")

    case = await post("draft", "/cases", request())
    case_id = str(case["id"])
    path = f"/cases/{case_id}"
    await post("reception", f"{path}/reception", reception(now))
    for number, demand in enumerate(paper for paper in SERVICE.documents if paper.required):
        await post(f"paper {number + 1}", f"{path}/documents", paper(demand.kind, now))
    await post("check", f"{path}/check")
    await post("referral", f"{path}/referral")
    await until(client, "research", f"{path}/review", lambda _: True, role=RESEARCHER)
    findings = {"findings": "زيارة ميدانية؛ البيانات مطابقة للواقع."}
    await post("study", f"{path}/study", findings, role=RESEARCHER, service="research")
    decision = {"verdict": "accepted", "reason": "الحاجة ثابتة والشروط مكتملة", "missing": []}
    await post("decision", f"{path}/department-decision", decision, role=DECIDER, service="research")
    await until(client, "intake", path, lambda case: case["status"] == "answered", role=FRONT)
    await post("registration", f"{path}/registration")
    handover = {"delivered_on": riyadh_day(now).isoformat(), "received_by": "سالم الحربي", "proof": "توقيع المستلم"}
    await post("delivery", f"{path}/delivery", handover)
    await post("benefit", f"{path}/benefit", {"useful": True, "note": "استفاد من الخدمة وانتظم"})
    await post("closing", f"{path}/closing")
    messages = f"/messages?case_id={case_id}&limit=200"
    page = await until(client, "notifications", messages, lambda page: _invitation(page) is not None, role=OPERATOR)
    text = await client.get("notifications", f"/messages/{_invitation(page)}", role=OPERATOR)
    code = CODE.search(text["body"] if text else "")
    if code is None:
        raise Refused("the invitation has no code")
    survey = {"overall": 5, "ease": 4, "impression": 5, "respect": 5, "speed": 4, "comment": "جزاكم الله خيرًا"}
    await post("survey", f"/public/surveys/{code.group()}", survey, role=None, service="feedback")
    return case_id


async def until(client: Client, service: str, path: str, seen: Callable[[Any], bool], *, role: Role) -> Any:
    """Look until `seen` is content, ever less often: who is slow should not be kept busy with being asked."""
    pause = FIRST_LOOK_AFTER
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            found = await client.get(service, path, role=role)
            if found is not None and seen(found):
                return found
            await asyncio.sleep(pause)
            pause = min(pause * SLOWER, LONGEST_PAUSE)


def request() -> dict[str, Any]:
    """A new person asks for the pack's first service."""
    person = next_person()
    applicant = {"national_id": person.national_id, "name": person.name, "mobile": person.mobile, "email": None}
    form = {field.id: SAMPLE[field.kind] for field in SERVICE.form}
    return {"channel": Channel.PHONE.value, "service_id": SERVICE.id, "applicant": applicant, "form": form}


def reception(now: datetime) -> dict[str, Any]:
    began = now - timedelta(minutes=25)
    return {"reception": {"started_at": began.isoformat(), "ended_at": now.isoformat(), "questions_answered": 3}}


def paper(kind: str, now: datetime) -> dict[str, Any]:
    today = riyadh_day(now)
    return {
        "kind": kind,
        "number": "2345678901",
        "issued_on": today.isoformat(),
        "expires_on": (today + timedelta(days=700)).isoformat(),
    }


def _invitation(page: dict[str, Any]) -> str | None:
    invited = (m["id"] for m in page["items"] if m["template"] == "survey_invited" and m["status"] == "sent")
    return next(invited, None)
