"""What must be true when all is at rest, however the services were treated. Each check tells what it found wrong."""

import re
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from athar.demo.checks import TOLD_TO_APPLICANT as TOLD
from shared.plumbing.tables import inbox, outbox
from tests.faults.ground import Ground
from tests.faults.load import Diary
from tests.faults.truth import LISTENS, Books, by_key, pending

CASE = r"/intake/api/v1/cases/(?P<case>[^/]+)"
REVIEW = r"/research/api/v1/cases/(?P<case>[^/]+)"
EFFECTS: list[tuple[str, str, tuple[str, ...]]] = [
    ("intake", r"/intake/api/v1/cases", ("case.drafted",)),
    ("intake", rf"{CASE}/reception", ("case.received",)),
    ("intake", rf"{CASE}/tools/[^/]+/consultation", ("tool.consulted",)),
    ("intake", rf"{CASE}/check", ("case.completed", "case.found_incomplete")),
    ("intake", rf"{CASE}/attestation", ("case.attested",)),
    ("intake", rf"{CASE}/referral", ("case.referred",)),
    ("intake", rf"{CASE}/clarifications", ("clarification.asked",)),
    ("intake", rf"{CASE}/clarifications/[^/]+/answer", ("clarification.answered",)),
    ("intake", rf"{CASE}/registration", ("case.registered",)),
    ("intake", rf"{CASE}/delivery", ("case.delivered",)),
    ("intake", rf"{CASE}/benefit", ("benefit.documented",)),
    ("intake", rf"{CASE}/closing", ("case.closed",)),
    ("intake", rf"{CASE}/withdrawal", ("case.withdrawn",)),
    ("research", rf"{REVIEW}/study", ("case.studied",)),
    ("research", rf"{REVIEW}/(committee|department)-decision", ("case.decided", "case.returned")),
    ("feedback", r"/feedback/api/v1/public/surveys/.*", ("survey.answered",)),
]
"""A request that was answered, and the facts of which it made exactly one."""

TOLD_TO_APPLICANT = TOLD - {"case.appealed"}
"""No case of these runs is appealed."""


@dataclass
class Expected:
    """What a run knows about its own doings."""

    dead: set[str] = field(default_factory=set)
    """Event ids that may be dead: the poison that the run itself put in."""
    all_dead: bool = False
    """Every one of them has to be there: nothing was wiped."""
    cases: dict[str, int] = field(default_factory=dict)
    """Each case, and by how many ways its applicant is reached."""


async def violations(books: Books, ground: Ground, diary: Diary, expected: Expected) -> list[str]:
    """Every promise that was broken, in a sentence each."""
    found = []
    for check in (_answered_once, _taken_in_once, _dead_as_expected, _in_order, _took_effect_once, _cases, _messages):
        found += [sentence async for sentence in check(books, diary, expected)]
    found += [f"{left} of {group} are never acknowledged" for group, left in (await pending(ground)).items()]
    return found


async def _answered_once(books: Books, diary: Diary, expected: Expected) -> AsyncIterator[str]:  # noqa: ARG001
    """What people were told is done is done, once."""
    keys = Counter(answered.key for answered in diary.answered)
    kept: Counter[str] = Counter()
    told: dict[str, Counter[tuple[str, str]]] = {}
    for service in LISTENS:
        rows = await books.rows(service, "SELECT idempotency_key FROM idempotent_answers")
        kept.update(row["idempotency_key"] for row in rows)
        told[service] = Counter((row.key, row.type) for row in await books.all_of(service, outbox))
    for key, times in keys.items():
        if kept[key] != 1 or times != 1:
            yield f"a request was answered {times} times and is kept {kept[key]} times"
    asked: Counter[tuple[str, tuple[str, ...], str]] = Counter()
    for answered in diary.answered:
        for service, path, types in EFFECTS:
            if (match := re.fullmatch(path, answered.path)) is not None:
                case = match.groupdict().get("case") or (answered.answer or {}).get("id", "")
                asked[service, types, "" if service == "feedback" else case] += 1
    for (service, types, case), times in asked.items():
        done = sum(count for (key, kind), count in told[service].items() if kind in types and case in ("", key))
        if done != times:
            yield f"{service}: {'/'.join(types)} of {case or 'all'} was answered {times} times and told {done} times"
    documents = await books.rows("intake", "SELECT case_id, count(*) AS n FROM documents GROUP BY case_id")
    given = Counter(
        match["case"] for a in diary.answered if (match := re.fullmatch(rf"{CASE}/documents", a.path)) is not None
    )
    for case, times in given.items():
        if (kept_there := {row["case_id"]: row["n"] for row in documents}.get(case, 0)) != times:
            yield f"intake: {times} papers of {case} were taken and {kept_there} are kept"
    votes = await books.number("research", "SELECT count(*) FROM votes")
    cast = sum(bool(re.fullmatch(rf"{REVIEW}/votes", a.path)) for a in diary.answered)
    if votes != cast:
        yield f"research: {cast} votes were taken and {votes} are kept"


async def _taken_in_once(books: Books, diary: Diary, expected: Expected) -> AsyncIterator[str]:  # noqa: ARG001
    """Each fact is in the inbox of each service that hears its teller, once, and done."""
    for source in LISTENS:
        told = await books.all_of(source, outbox)
        for row in told:
            if row.stream_ms is None:
                yield f"{source}: {row.type} {row.seq} of {row.key} was never published"
        for service, sources in LISTENS.items():
            if source not in sources:
                continue
            heard = [row for row in await books.all_of(service, inbox) if row.source == source and row.seq]
            times = Counter((row.key, row.seq) for row in heard)
            state = {(row.key, row.seq): row.state for row in heard}
            for row in told:
                at = (row.key, row.seq)
                if times[at] == 0:
                    yield f"{source}→{service}: {row.type} {row.seq} of {row.key} was lost"
                elif times[at] > 1:
                    yield f"{source}→{service}: {row.type} {row.seq} of {row.key} was taken in {times[at]} times"
                elif state[at] != "done":
                    yield f"{source}→{service}: {row.type} {row.seq} of {row.key} is {state[at]}"


async def _dead_as_expected(books: Books, diary: Diary, expected: Expected) -> AsyncIterator[str]:  # noqa: ARG001
    """Nothing is dead but the poison, with its bytes and its reason; no timer is overdue."""
    dead: set[str] = set()
    for service in LISTENS:
        for row in await books.all_of(service, inbox):
            if row.state == "dead":
                if row.event_id not in expected.dead:
                    yield f"{service}: {row.type} of {row.key} is dead: {row.error}"
                elif not row.error or not (row.raw or row.envelope):
                    yield f"{service}: poison {row.event_id} is kept without its bytes or reason"
                dead.add(row.event_id)
            elif row.state == "ready" and (row.source != "timer" or row.attempts):
                yield f"{service}: {row.type} of {row.key} is never taken in ({row.attempts} attempts: {row.error})"
    if expected.all_dead and (gone := set(expected.dead) - dead):
        yield f"poison that nobody kept: {sorted(gone)}"


async def _in_order(books: Books, diary: Diary, expected: Expected) -> AsyncIterator[str]:  # noqa: ARG001
    """The facts about a case are gapless and took effect in order at every consumer; the cursor stands at the last."""
    for service in LISTENS:
        for row in _gaps(by_key([_Numbered(service, r.key, r.seq) for r in await books.all_of(service, outbox)])):
            yield f"{service}: the facts about {row} are not numbered 1, 2, 3…"
        stands = {(r["source"], r["key"]): r["seq"] for r in await books.rows(service, "SELECT * FROM inbox_cursors")}
        effects = await books.rows(service, "SELECT event_id FROM fault_ledger ORDER BY id")
        place = {row["event_id"]: number for number, row in enumerate(effects)}
        for (source, key), rows in by_key([r for r in await books.all_of(service, inbox) if r.seq]).items():
            done = sorted((row for row in rows if row.state == "done"), key=lambda row: row.seq)
            if done and stands.get((source, key)) != done[-1].seq:
                yield f"{source}→{service}: the cursor of {key} is at {stands.get((source, key))}, not {done[-1].seq}"
            places = [place[row.event_id] for row in done if row.event_id in place]
            if places != sorted(places):
                yield f"{source}→{service}: the facts about {key} took effect out of order"


@dataclass(frozen=True)
class _Numbered:
    source: str
    key: str
    seq: int


def _gaps(keys: dict[tuple[str, str], list[_Numbered]]) -> list[str]:
    return [key for (_, key), rows in keys.items() if sorted(row.seq for row in rows) != list(range(1, len(rows) + 1))]


async def _took_effect_once(books: Books, diary: Diary, expected: Expected) -> AsyncIterator[str]:  # noqa: ARG001
    """By the ledger, which is written with each effect: what is done took effect once."""
    for service in LISTENS:
        times = Counter(row["event_id"] for row in await books.rows(service, "SELECT event_id FROM fault_ledger"))
        for row in await books.all_of(service, inbox):
            if row.state == "done" and times[row.event_id.split("#")[0]] != 1:
                effects = times[row.event_id.split("#")[0]]
                yield f"{service}: {row.type} of {row.key} took effect {effects} times"


async def _cases(books: Books, diary: Diary, expected: Expected) -> AsyncIterator[str]:  # noqa: ARG001
    """One decision and one answer a round, not before its floor; one invitation a case; nobody unknown."""
    known = {row["id"] for row in await books.rows("intake", "SELECT id FROM cases")}
    reviews = await books.rows("research", "SELECT * FROM reviews")
    told = Counter((row.key, row.type) for row in await books.all_of("research", outbox))
    for case in expected.cases:
        if case not in known:
            yield f"case {case} was answered and is not there"
    for case in {row["case_id"] for row in reviews}:
        if case not in known:
            yield f"research has case {case}, which intake does not know"
        rounds = [row for row in reviews if row["case_id"] == case]
        decided = told[case, "case.decided"] + told[case, "case.returned"]
        if decided != sum(row["decided_at"] is not None for row in rounds):
            yield f"{case} has {len(rounds)} rounds and {decided} decisions"
        answers = sum(row["status"] == "answered" for row in rounds)
        if told[case, "case.answered"] != answers or answers > 1:
            yield f"{case} has {told[case, 'case.answered']} answers"
    for row in reviews:
        if row["answered_at"] and _at(row["answered_at"]) < _at(row["referred_at"]) + timedelta(days=row["floor_days"]):
            yield f"{row['case_id']} was answered at {row['answered_at']}, before its floor"
    referred = [r for r in await books.all_of("intake", outbox) if r.type == "case.referred"]
    if len(referred) != len(reviews):
        yield f"{len(referred)} referrals and {len(reviews)} reviews"
    invited = Counter(row["case_id"] for row in await books.rows("feedback", "SELECT case_id FROM invitations"))
    for case in expected.cases:
        if invited[case] != 1:
            yield f"case {case} has {invited[case]} invitations"


def _at(value: str | datetime) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


async def _messages(books: Books, diary: Diary, expected: Expected) -> AsyncIterator[str]:  # noqa: ARG001
    """One message a fact and medium, sent; one delivery a message."""
    facts: Counter[tuple[str, str]] = Counter()
    for service in ("intake", "research", "feedback"):
        for row in await books.all_of(service, outbox):
            if row.type in TOLD_TO_APPLICANT and row.key in expected.cases:
                facts[row.key, row.type.replace(".", "_")] += expected.cases[row.key]
    rows = await books.rows("notifications", "SELECT case_id, template, status FROM messages")
    sent = Counter((row["case_id"], row["template"]) for row in rows if row["status"] == "sent")
    for case, template in facts | sent:
        if case in expected.cases and facts[case, template] != sent[case, template]:
            yield f"{template} of {case} went out {sent[case, template]} times, not {facts[case, template]}"
    delivered = await books.number("notifications", "SELECT count(*) FROM console_deliveries")
    told = await books.all_of("notifications", outbox)
    if not len(rows) == delivered == len(told):
        yield f"{len(rows)} messages, {delivered} deliveries, {len(told)} told as sent"
