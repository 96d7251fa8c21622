"""What travels: one fact and what has to be known about it to take it in once, in order, and to follow it."""

from contextlib import AbstractContextManager
from typing import Any, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from shared.language.events import EVENTS, Event, Source
from shared.language.roles import Actor
from shared.plumbing.origin import Origin, acting, current_traceparent, new_id, origin

ENVELOPE_LIMIT_BYTES = 256_000


M = TypeVar("M", bound=BaseModel)


class EventUnknown(ValueError):
    """A type, version or shape that this release does not know. Another may: the message is kept, as dead."""


class Envelope(BaseModel):
    """`seq` counts 1, 2, 3… for a source and key; a timer has none."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(max_length=100)
    source: str = Field(max_length=40)
    type: str = Field(max_length=100)
    version: int = 1
    key: str = Field(max_length=100)
    seq: int | None = None
    at: AwareDatetime
    association_id: str | None = None
    actor: Actor
    correlation_id: str
    causation_id: str | None = None
    traceparent: str | None = None
    data: dict[str, Any]

    def event(self) -> Event:
        """The fact inside. Raises `EventUnknown`."""
        try:
            kind = EVENTS[self.type, self.version]
        except KeyError:
            raise EventUnknown(f"{self.type} v{self.version} is not an event of this release") from None
        return read_fact(kind, self)


def envelope_of(event: Event, *, seq: int, at: AwareDatetime) -> Envelope:
    """Put `event` into an envelope that says what it answers and who did it."""
    cause = origin()
    return Envelope(
        id=new_id(),
        source=event.source.value,
        type=event.type,
        version=event.version,
        key=event.key,
        seq=seq,
        at=at,
        association_id=event.association_id,
        actor=cause.actor,
        correlation_id=cause.correlation_id,
        causation_id=cause.causation_id,
        traceparent=current_traceparent(),
        data=event.model_dump(mode="json"),
    )


def what_is_wrong(error: ValidationError) -> str:
    """Where and what, never the input: it may be somebody's data."""
    return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['type']}" for e in error.errors(include_input=False))


def read_fact(kind: type[M], envelope: Envelope) -> M:
    """What the envelope states, as `kind`. Raises `EventUnknown` where its shape is not as pinned."""
    try:
        return kind.model_validate(envelope.data)
    except ValidationError as error:
        raise EventUnknown(f"{envelope.type} v{envelope.version}: {what_is_wrong(error)}") from None


def caused_by(envelope: Envelope) -> AbstractContextManager[None]:
    """What follows from this message acts for the same person, in the same trace."""
    cause = Origin(actor=envelope.actor, correlation_id=envelope.correlation_id, causation_id=envelope.id)
    return acting(cause, name=f"take {envelope.type}", traceparent=envelope.traceparent)


def stream_of(source: Source) -> str:
    """The one stream on which a service tells its facts."""
    return f"athar.{source.value}.events"
