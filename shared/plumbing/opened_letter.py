"""A dead letter opened for an operator: where it broke, who told it, and the shape of what it says, never the words."""

import re
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from shared.plumbing.dead_letters import DeadLetter, DeadLetterInFull
from shared.plumbing.envelope import Envelope

SHOWN_BYTES = 512
SEALED = ("gAAAA", "p1.")
"""How everything begins that was sealed: under the installation's key, or a person's."""
STORY = re.compile(r"(?P<reason>.*) at (?P<where>\S+:\d+(?: < \S+:\d+)*)", re.DOTALL)
"""How the worker writes a story down: what was raised, and where, the innermost place first."""


class Told(BaseModel):
    """What its envelope says of it."""

    version: int
    at: datetime
    by: str = Field(description="The seat that acted, or `applicant`, or `system`.")
    correlation_id: str
    causation_id: str | None
    traceparent: str | None


class OpenedLetter(DeadLetter):
    """A dead message in full."""

    event_id: str
    reason: str
    frames: list[str] = Field(description="Where it was raised: the innermost function and its line first.")
    told: Told | None = None
    data: dict[str, str] = Field(default_factory=dict, description="Each field with the kind and size of its value.")
    size: int | None = Field(default=None, description="Of one that nobody can read: how many of its bytes were kept.")
    dump: list[str] = Field(default_factory=list, description="The first of those bytes, in hexadecimal and as text.")


def opened(letter: DeadLetterInFull, *, shown_bytes: int = SHOWN_BYTES) -> OpenedLetter:
    """The letter as an operator may see it."""
    reason, frames = reason_and_frames(letter.error)
    shown = OpenedLetter(**letter.model_dump(exclude={"envelope", "raw"}), reason=reason, frames=frames)
    try:
        envelope = Envelope.model_validate_json(letter.envelope or "")
    except ValidationError:
        raw = letter.raw or (letter.envelope or "").encode()
        shown.size, shown.dump = len(raw), hexdump(raw[:shown_bytes])
        return shown
    actor = envelope.actor
    shown.told = Told(by=actor.role.value if actor.role else actor.person_id, **envelope.model_dump())
    shown.data = {name: kind_of(value) for name, value in envelope.data.items()}
    return shown


def reason_and_frames(error: str | None) -> tuple[str, list[str]]:
    """The story's two halves; what has no frames is all reason."""
    story = STORY.fullmatch(error or "")
    if story is None:
        return (error or "").removeprefix(": "), []
    return story["reason"], story["where"].split(" < ")


def kind_of(value: Any) -> str:
    """What sort of value it is and how large: enough to see what is missing, and nothing of what was said."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "yes or no"
        case int() | float():
            return "number"
        case str() if value.startswith(SEALED):
            return f"sealed, {len(value)} characters"
        case str():
            return f"text, {len(value)} characters"
        case list():
            return f"list of {len(value)}"
        case _:
            return f"object with {len(value)} fields"


def hexdump(raw: bytes) -> list[str]:
    """Sixteen bytes a line; what a terminal could act on is a dot."""
    lines = []
    for begin in range(0, len(raw), 16):
        some = raw[begin : begin + 16]
        text = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in some)
        lines.append(f"{begin:08x}  {some.hex(' '):<47}  {text}")
    return lines
