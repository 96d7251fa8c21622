"""What each channel needs, as fields of a form (`channel.*`): which are drawn, and how they are read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from fastapi import Request
from pydantic import TypeAdapter, ValidationError

from services.intake.domain.channels import Details
from services.intake.pages.desk.fields import LINE, NO_NUMBER, NOT_OFFERED, TEXT, TOO_LONG, Fields
from services.intake.pages.desk.words import CALLERS, PLATFORMS
from services.intake.pages.step import LOOK
from shared.language.calendar import RIYADH, riyadh_day
from shared.language.clauses import Channel
from shared.ui import Form
from shared.ui.forms import western
from shared.ui.language import mark

FILL_IN = mark("Fill in “%(field)s”.")
NO_TIME = mark("Write the time as hours and minutes, for example 09:30.")
NO_MOBILE = mark("Write a Saudi mobile number, for example 05XXXXXXXX.")
NO_LINK = mark("Write a link that begins with https://.")
SHORT_NAME = mark("Write the name, with two letters at least.")
ORDER = {
    Channel.INTERVIEW: mark("First he comes, then he is received, then he goes, all on one day. Look at the times."),
    Channel.PHONE: mark("A call ends after it began, on the same day. Look at the times."),
}
MOST_ATTACHMENTS = 999
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})")
_DETAILS: TypeAdapter[Details] = TypeAdapter(Details)


@dataclass(frozen=True)
class Asked:
    """One thing that a channel needs; `on` is the day that a time of the clock belongs to."""

    name: str
    words: str
    kind: str
    """`line`, `name`, `mobile`, `link`, `number`, `notes`, `choice`, `yes`, `date` or `time`; `day` helps the times."""
    required: bool = True
    hint: str = ""
    options: Mapping[str, str] | None = None
    on: str = "day"


_DAY = Asked(
    "day", mark("On which day"), "day", required=False, hint=mark("Leave it empty for today. Hijri or Gregorian.")
)
_NOTES = Asked("notes", mark("Notes"), "notes", required=False)
ASKED: Mapping[Channel, tuple[Asked, ...]] = {
    Channel.INTERVIEW: (
        _DAY,
        Asked("came_at", mark("When he came in"), "time"),
        Asked("started_at", mark("When somebody sat down with him"), "time"),
        Asked("ended_at", mark("Until when"), "time"),
        _NOTES,
    ),
    Channel.PHONE: (
        Asked("caller", mark("Who called"), "name"),
        Asked("caller_is", mark("What the caller is"), "choice", options=CALLERS),
        Asked("number", mark("Number of the caller"), "mobile", required=False),
        Asked("script_version", mark("Version of the call script"), "line"),
        _DAY,
        Asked("started_at", mark("When the call began"), "time"),
        Asked("ended_at", mark("When the call ended"), "time"),
        Asked("call_back_day", mark("Call back on"), "day", required=False),
        Asked("call_back_at", mark("Call back at"), "time", required=False, on="call_back_day"),
        _NOTES,
    ),
    Channel.SOCIAL: (
        Asked("platform", mark("Which network"), "choice", options=PLATFORMS),
        Asked("account", mark("Account"), "line"),
        Asked("link", mark("Link to what was written"), "link", required=False),
        _NOTES,
    ),
    Channel.LETTER: (
        Asked("number", mark("Number on the letter"), "line", required=False),
        Asked("dated", mark("Date of the letter"), "date"),
        Asked("attachments", mark("How many attachments"), "number"),
        Asked("subject", mark("Subject of the letter"), "line"),
        Asked("sender", mark("Who sent it"), "line"),
    ),
    Channel.HELP_REQUEST: (
        Asked("ticket", mark("Number at the help-request service"), "line"),
        Asked("need", mark("What is needed, as it stands there"), "notes", required=False),
        Asked("urgent", mark("How urgent"), "yes", required=False),
    ),
    Channel.VOLUNTEERING: (
        Asked("volunteer", mark("Which volunteer brought it"), "name"),
        Asked("opportunity", mark("Out of which volunteering"), "line"),
        _NOTES,
    ),
    Channel.WEBSITE: (),
    Channel.DELEGATE: (
        Asked("place", mark("Where the visit was"), "line"),
        _DAY,
        Asked("device_at", mark("Time of the visit"), "time"),
        _NOTES,
    ),
}
"""What is asked of each channel. By the website the applicant typed it himself: nothing is left to ask."""
AT_THE_DESK = tuple(channel for channel in ASKED if channel is not Channel.WEBSITE)


def named(name: str) -> str:
    """As the refusals name it."""
    return f"arrival.{name}"


def drawn(request: Request, channel: Channel, *, must: bool = True) -> list[dict[str, Any]]:
    """The fields of a channel for a template. Where nothing must be told yet, each may be left empty."""

    def say(words: str) -> str:
        return LOOK.say(request, words) if words else ""

    return [
        {
            "name": named(asked.name),
            "words": say(asked.words),
            "kind": asked.kind,
            "required": must and asked.required,
            "hint": say(asked.hint),
            "options": [(code, say(words)) for code, words in (asked.options or {}).items()],
        }
        for asked in ASKED[channel]
    ]


def is_told(form: Form) -> bool:
    """Whether anything of how he came was typed."""
    return any(form.value(name).strip() for name in form.values if name.startswith("arrival."))


def details_in(fields: Fields, channel: Channel, *, now: datetime) -> Details | None:
    """What was typed of the channel; `None` where something of it is wrong, and `fields` says what."""
    given: dict[str, Any] = {"channel": channel.value}
    for asked in ASKED[channel]:
        value = _read(fields, asked, now=now)
        if value is not None and asked.kind != "day":
            given[asked.name] = value
    try:
        return _DETAILS.validate_python(given)
    except ValidationError as wrong:
        for problem in wrong.errors():
            _tell(fields, channel, problem)
    return None


def _read(fields: Fields, asked: Asked, *, now: datetime) -> Any:
    name = named(asked.name)
    match asked.kind:
        case "notes":
            return fields.optional(name, longest=TEXT)
        case "number":
            return fields.whole(name, most=MOST_ATTACHMENTS)
        case "date" | "day":
            return fields.optional_day(name)
        case "time":
            return _instant(fields, asked, now=now)
        case "yes":
            return "yes" in fields.chosen(name)
    return fields.optional(name, longest=500 if asked.kind == "link" else LINE)


def _instant(fields: Fields, asked: Asked, *, now: datetime) -> datetime | None:
    """The time that was typed, in Riyadh, on its day; without one, today."""
    name, day = named(asked.name), fields.optional_day(named(asked.on))
    typed = western(fields.optional(name, longest=LINE) or "")
    if not typed:
        if asked.on != "day" and day is not None:
            _needed(fields, asked)
        return None
    found = _CLOCK.fullmatch(typed)
    hour, minute = (int(part) for part in found.groups()) if found else (24, 0)
    if hour > 23 or minute > 59:
        fields.say(name, NO_TIME)
        return None
    return datetime.combine(day or riyadh_day(now), time(hour, minute), tzinfo=RIYADH)


def _needed(fields: Fields, asked: Asked) -> None:
    words = LOOK.say(fields.request, asked.words)
    fields.errors.setdefault(named(asked.name), LOOK.say(fields.request, FILL_IN) % {"field": words})


def _tell(fields: Fields, channel: Channel, problem: Mapping[str, Any]) -> None:
    """What the channel's own shape refused, in words at its field; what was said of the field before stands."""
    _, *place = problem["loc"]
    asked = next((one for one in ASKED[channel] if [one.name] == place[:1]), None)
    if asked is None:
        # Of the times together: at the last of them.
        fields.say(named("ended_at"), ORDER[channel])
    elif problem["type"] == "missing":
        _needed(fields, asked)
    elif problem["type"] == "string_too_long":
        fields.say(named(asked.name), TOO_LONG)
    else:
        wrong = {"name": SHORT_NAME, "mobile": NO_MOBILE, "link": NO_LINK, "number": NO_NUMBER}
        fields.say(named(asked.name), wrong.get(asked.kind, NOT_OFFERED))
