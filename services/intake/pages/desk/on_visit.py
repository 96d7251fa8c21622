"""What the form of a visit says besides the answers: the papers, where and when it was, and how long he was given."""

from datetime import UTC, datetime

from services.intake.days import check_day_has_come, check_reception
from services.intake.domain.channels import DelegateDetails
from services.intake.domain.differences import FIELDS, Choice, Settled
from services.intake.pages.desk.acts.way_up import MOST_QUESTIONS
from services.intake.pages.desk.fields import TEXT, Fields
from services.intake.use_cases.complete_case import GivenPaper
from shared.language.calendar import RIYADH
from shared.language.errors import Refusal
from shared.language.events import Reception
from shared.policy.pack import Service
from shared.ui import language_of
from shared.ui.language import mark

NO_MOMENT = mark("Write the day and the time, or leave both empty.")
BOTH = mark("Write when it began and when it ended, or leave both empty.")
ENDS_FIRST = mark("It ends after it began.")
PICTURES = "pictures"
"""How many pictures of a paper follow: the device says so, for they are sent one by one afterwards."""


def of_paper(kind: str, name: str) -> str:
    """A field about one paper."""
    return f"paper.{kind}.{name}"


def papers(fields: Fields, service: Service, *, now: datetime) -> tuple[GivenPaper, ...]:
    """Those of which something was written, or a picture follows."""
    given = []
    for demand in service.documents:
        number = fields.optional(of_paper(demand.kind, "number"), longest=20)
        expires_on = fields.optional_day(of_paper(demand.kind, "expires_on"))
        issued = of_paper(demand.kind, "issued_on")
        issued_on = fields.optional_day(issued)
        follows = fields.whole(of_paper(demand.kind, PICTURES), most=99)
        if not (number or expires_on or issued_on or follows):
            continue
        if issued_on is None:
            fields.needed(issued)
            continue
        try:
            check_day_has_come(issued_on, field=issued, now=now)
        except Refusal as refusal:
            _say(fields, issued, refusal)
        given.append(GivenPaper(kind=demand.kind, number=number, issued_on=issued_on, expires_on=expires_on))
    return tuple(given)


def reception(fields: Fields, *, now: datetime) -> Reception | None:
    """From when until when he was received, by the clock of the device (`step.reception`)."""
    started_at, ended_at = _moment(fields, "started_at"), _moment(fields, "ended_at")
    questions = fields.whole("questions", most=MOST_QUESTIONS)
    if started_at is None or ended_at is None:
        if started_at or ended_at:
            fields.say("ended_at" if started_at else "started_at", BOTH)
        return None
    if ended_at <= started_at:
        fields.say("ended_at", ENDS_FIRST)
        return None
    told = Reception(started_at=started_at, ended_at=ended_at, questions_answered=questions or 0)
    try:
        check_reception(told, now=now)
    except Refusal as refusal:
        _say(fields, "ended_at", refusal)
    return told


def details(fields: Fields, *, now: datetime) -> DelegateDetails | None:
    """Where it was, and when by the clock of the device; of a browser without one, now."""
    place, notes = fields.text("place"), fields.optional("notes", longest=TEXT) or ""
    handed = fields.optional("device_time", longest=40)
    try:
        device_at = datetime.fromisoformat(handed) if handed else now
    except ValueError:
        device_at = now
    if not place or device_at.tzinfo is None:
        return None
    return DelegateDetails(channel="delegate", place=place, device_at=device_at, notes=notes)


def settled(fields: Fields) -> dict[str, Settled]:
    """What was chosen where his file says otherwise."""
    chosen = {name: (fields.optional(f"settle.{name}"), fields.optional(f"seen.{name}")) for name in FIELDS}
    return {
        name: Settled(Choice(choice), seen)
        for name, (choice, seen) in chosen.items()
        if choice in set(Choice) and seen is not None
    }


def _moment(fields: Fields, name: str) -> datetime | None:
    """An instant as a browser's field has it: Riyadh's clock, without a zone."""
    typed = fields.optional(name, longest=40)
    if typed is None:
        return None
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=RIYADH).astimezone(UTC)
    except ValueError:
        fields.say(name, NO_MOMENT)
        return None


def _say(fields: Fields, name: str, refusal: Refusal) -> None:
    fields.errors.setdefault(name, refusal.sentence(language_of(fields.request).value))
