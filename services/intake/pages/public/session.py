"""How far a browser has come in following one request: sealed, in a cookie of its own, and soon over."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from cryptography.fernet import InvalidToken
from fastapi import Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from shared.plumbing import browser
from shared.plumbing.seal import RING

FOLLOW = "athar-follow"
LASTS = timedelta(minutes=15)


class Far(StrEnum):
    """How far it has come."""

    ASKED = "asked"
    """A code may be on its way."""
    PLAIN = "plain"
    """What he knows fits, where no codes are sent: he sees where the request is, and does nothing to it."""
    PROVED = "proved"
    """The code came to the mobile of the file."""


class Following(BaseModel):
    """One case, or one code that may open one. Nothing in it was said by the browser: it is sealed."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["athar-follow"] = "athar-follow"
    far: Far
    association_id: str
    case_id: str = ""
    code_id: str = ""
    asked: str = ""
    """A keyed hash of what was asked with, so that the same is not asked twice in a minute."""
    began_at: AwareDatetime


def following(request: Request, *, now: datetime) -> Following | None:
    """What this browser follows, while it may."""
    try:
        found = Following.model_validate_json(RING.open(browser.cookie_of(request, FOLLOW)))
    except (InvalidToken, ValidationError):
        return None
    return found if found.began_at <= now < found.began_at + LASTS else None


def opened(request: Request, *, now: datetime) -> Following | None:
    """As `following`, once it leads to a case."""
    found = following(request, now=now)
    return found if found is not None and found.far is not Far.ASKED else None


def proved(request: Request, *, now: datetime) -> Following | None:
    """As `opened`, for whoever may do something to it."""
    found = following(request, now=now)
    return found if found is not None and found.far is Far.PROVED else None


def carry(request: Request, response: Response, found: Following) -> None:
    browser.set_cookie(
        request, response, FOLLOW, RING.seal(found.model_dump_json()), seconds=int(LASTS.total_seconds())
    )


def let_go(request: Request, response: Response) -> None:
    browser.set_cookie(request, response, FOLLOW, "", seconds=0)


def asked_with(reference: str, fact: str) -> str:
    return RING.index(f"asked to follow\n{reference}\n{fact}")
