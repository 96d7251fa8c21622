"""What intake tells of sessions, so that one that is over is over in every service."""

from pydantic import AwareDatetime

from shared.language.events.base import Event, Source


class SessionEnded(Event):
    """A session is over: signed out, taken back, or stolen. Its tokens would last until `tokens_end_at`."""

    type = "session.ended"
    source = Source.INTAKE

    session_id: str
    person_id: str
    tokens_end_at: AwareDatetime

    @property
    def key(self) -> str:
        return self.session_id
