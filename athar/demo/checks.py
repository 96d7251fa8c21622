"""What must be true after the walk: each clause has evidence, and nothing is missing or doubled."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from athar.demo.office import Office, eventually
from athar.demo.walk import Walk
from athar.demo.walkers import Fate, Walker
from shared.language.case_lifecycle import MOVES, CaseStatus
from shared.language.events import EVENTS, CaseEvent
from shared.language.roles import Role

TOLD_TO_APPLICANT = {
    "case.received",
    "case.found_incomplete",
    "clarification.answered",
    "case.referred",
    "case.appealed",
    "case.returned",
    "case.answered",
    "case.registered",
    "case.delivered",
    "benefit.follow_up_due",
    "case.withdrawn",
    "papers.running_out",
    "survey.invited",
}
"""The facts of which the applicant hears, each once by each way he is reached."""

ANSWERS = {Fate.SERVED: 1, Fate.CLARIFIED: 1, Fate.REJECTED: 1, Fate.RETURNED: 1, Fate.WITHDRAWN: 0, Fate.APPEALED: 2}
SERVICES = ("intake", "research", "notifications", "feedback")


@dataclass
class Findings:
    """What the check found in one association."""

    association_id: str
    name: str
    conformance: list[dict[str, Any]]
    timelines: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


async def check(walk: Walk) -> Findings:
    """Hold the association's cases, messages and evidence against what the walk did."""
    office = walk.office
    await come_to_rest(office)
    report = await office.get("/intake/api/v1/conformance", role=Role.AUDITOR)
    findings = Findings(
        association_id=office.pack.id, name=office.pack.association.name.ar, conformance=report["lines"]
    )
    findings.wrong += [f"no evidence for {line['clause']}" for line in report["lines"] if not line["count"]]
    if missing := office.pack.clauses - {line["clause"] for line in report["lines"]}:
        findings.wrong.append(f"the report leaves out {sorted(missing)}")
    for walker in walk.walkers:
        timeline = await office.get(f"/intake/api/v1/cases/{walker.case_id}/timeline", role=Role.AUDITOR)
        findings.timelines[walker.reference] = timeline
        findings.wrong += [f"{walker.reference}: {sentence}" for sentence in _case(walk, walker, timeline)]
        findings.wrong += await _messages(office, walker, timeline)
    return findings


async def come_to_rest(office: Office) -> None:
    """Every message taken in, seen several times in a row; the dead are told by `check_dead`."""
    calm = 0

    async def look() -> bool | None:
        nonlocal calm
        counts = [
            await office.get(f"/{service}/api/v1/operations/messages", role=Role.PLATFORM_OPERATOR)
            for service in SERVICES
        ]
        calm = calm + 1 if not any(count["unsent"] or count["due"] for count in counts) else 0
        return True if calm > 3 else None

    await eventually(f"{office.pack.id}: all messages taken in", look)


async def check_dead(office: Office) -> list[str]:
    """A line for each message that no service could take in."""
    return [
        f"{service}: {letter['type']} of {letter['key']} is dead: {letter['error']}"
        for service in SERVICES
        for letter in await office.get(f"/{service}/api/v1/operations/dead", role=Role.PLATFORM_OPERATOR)
    ]


def _case(walk: Walk, walker: Walker, timeline: list[dict[str, Any]]) -> list[str]:
    count, wrong = Counter(entry["event"] for entry in timeline), []
    expected = {
        "survey.invited": 1,
        "survey.answered": 1,
        "case.received": 1,
        "case.answered": ANSWERS[walker.fate],
        "case.registered": int(walker.fate not in {Fate.REJECTED, Fate.WITHDRAWN}),
        "case.delivered": int(walker.fate not in {Fate.REJECTED, Fate.WITHDRAWN}),
        "benefit.documented": int(walker.fate not in {Fate.REJECTED, Fate.WITHDRAWN}),
        "case.returned": int(walker.fate is Fate.RETURNED),
        "case.attested": (walker.fate is Fate.RETURNED) + 1 if walk.office.pack.attestation else 0,
    }
    wrong += [
        f"{event} {count[event]} times, not {times}" for event, times in expected.items() if count[event] != times
    ]
    rounds = [entry["facts"]["round"] for entry in timeline if entry["event"] in {"case.decided", "case.returned"}]
    if len(rounds) != len(set(rounds)):
        wrong.append("a round was decided twice")
    wrong += _floor(timeline)
    if (status := _fold(timeline)) is not (
        end := CaseStatus.WITHDRAWN if walker.fate is Fate.WITHDRAWN else CaseStatus.CLOSED
    ):
        wrong.append(f"its facts lead to {status}, not {end}")
    return wrong


def _floor(timeline: list[dict[str, Any]]) -> list[str]:
    """Each answer came no sooner than its round's floor (`step.committee_notice`)."""
    referred = {e["facts"]["round"]: e for e in timeline if e["event"] in {"case.referred", "case.appealed"}}
    wrong = []
    for entry in timeline:
        if entry["event"] == "case.answered":
            referral = referred[entry["facts"]["round"]]
            waited = datetime.fromisoformat(entry["at"]) - datetime.fromisoformat(referral["at"])
            floor = int(referral["facts"]["floor_days"])
            if waited.days < floor or (floor and waited.days > floor):
                wrong.append(f"answered after {waited}, with a floor of {floor} days")
    return wrong


def _fold(timeline: list[dict[str, Any]]) -> CaseStatus | None:
    """The status to which the facts lead, by the one table; facts without a place there would end the walk."""
    kinds = {event.type: event for event in EVENTS.values()}
    status: CaseStatus | None = None
    for entry in timeline:
        kind = kinds[entry["event"]]
        if issubclass(kind, CaseEvent) and any(moved is kind for _, moved in MOVES):
            status = MOVES.get((status, kind), status)
    return status


async def _messages(office: Office, walker: Walker, timeline: list[dict[str, Any]]) -> list[str]:
    facts = Counter(entry["event"].replace(".", "_") for entry in timeline if entry["event"] in TOLD_TO_APPLICANT)
    sent = Counter(entry["facts"]["template"] for entry in timeline if entry["event"] == "message.sent")
    page = await office.get(
        f"/notifications/api/v1/messages?case_id={walker.case_id}&limit=200", role=Role.NOTIFICATIONS_OPERATOR
    )
    kept = Counter(message["template"] for message in page["items"] if message["status"] == "sent")
    due = Counter({template: times * walker.person.media for template, times in facts.items()})
    return [
        f"{walker.reference}: {template} went out {sent[template]} times ({kept[template]} kept), not {due[template]}"
        for template in sorted(due | sent | kept)
        if not due[template] == sent[template] == kept[template]
    ]
