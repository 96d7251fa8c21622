"""What intake tells of signing in: a session that is over, in every service, and a code that has to be sent."""

from pydantic import AwareDatetime

from shared.language.events.base import Event, Sealed, Source


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


class SignInCodeMade(Event):
    """A code was made for somebody who signs in; it is worth nothing after `ends_at`, and is sent at once or never."""

    type = "sign_in_code.made"
    source = Source.INTAKE

    code_id: str
    person_id: str
    mobile: Sealed
    code: Sealed
    ends_at: AwareDatetime

    @property
    def key(self) -> str:
        return self.person_id
