"""The token of a session: five minutes, for one person in one seat."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from joserfc.jwk import OKPKey

from services.intake.domain.accounts.sessions import TOKEN_LASTS, principal_of
from services.intake.settings import IntakeSettings
from services.intake.use_cases.accounts.begin_session import SignedIn
from shared.language.errors import PartDown
from shared.plumbing.identity import issue_token
from shared.plumbing.keys import signing_keys_in


@dataclass(frozen=True)
class Access:
    """A token, and how long it lasts."""

    token: str
    lasts: timedelta


def signing_key(settings: IntakeSettings, *, now: datetime) -> OKPKey:
    """Intake's key of now. Raises `PartDown` where the operator named no file, and `OSError` where it is gone."""
    if settings.signing_key_file is None:
        raise PartDown
    return signing_keys_in(settings.signing_key_file).current(now=now)


def secret_key(settings: IntakeSettings, *, now: datetime) -> bytes:
    """What the secrets of sessions follow from: intake's alone. Raises as `signing_key`."""
    return str(signing_key(settings, now=now).as_dict(private=True)["d"]).encode()


def issue_access(signed_in: SignedIn, *, settings: IntakeSettings, now: datetime) -> Access | None:
    """The token of who sits in a seat, never longer than the seat; nobody's while a step is missing."""
    place = signed_in.place
    if place is None:
        return None
    left = [signed_in.session.ends_at - now, TOKEN_LASTS]
    lasts = min([*left, place.ends_at - now] if place.ends_at else left)
    token = issue_token(
        principal_of(signed_in.session, place), key=signing_key(settings, now=now), now=now, lasts=lasts
    )
    return Access(token, lasts)
