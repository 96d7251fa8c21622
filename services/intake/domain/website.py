"""A request that a person types himself, and how a machine that types is told from him without asking others."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hmac import compare_digest
from secrets import token_urlsafe

from sqlmodel import Field

from services.intake.domain.base import IntakeTable
from shared.plumbing.scope import scoped
from shared.plumbing.seal import RING

QUICKEST, OLDEST = timedelta(seconds=3), timedelta(days=1)
"""Nobody reads and fills in the form in less; a page that lay open for more is begun anew."""


class WebsiteRequest(IntakeTable, table=True):
    """That the page with this number was sent: a second click is the same request. It says nothing of anybody."""

    __tablename__ = "website_requests"
    __table_args__ = scoped(case="case_id")

    nonce: str = Field(primary_key=True)
    association_id: str
    case_id: str = ""
    sent_at: datetime


class Unfit(StrEnum):
    """Why the page's token does not count."""

    TOO_QUICK = "too_quick"
    TOO_OLD = "too_old"
    NOT_OURS = "not_ours"


def new_page_token(about: str, *, at: datetime) -> str:
    """When the page was given out, and a number of its own, signed for the form `about`."""
    said = f"{int(at.timestamp())}.{token_urlsafe(12)}"
    return f"{said}.{_sign(said, about)}"


def read_page_token(token: str, about: str, *, now: datetime) -> str | Unfit:
    """The page's own number, or why it does not count."""
    said, _, signed = token.rpartition(".")
    if not compare_digest(signed.encode(), _sign(said, about).encode()):
        return Unfit.NOT_OURS
    given, _, nonce = said.partition(".")
    age = now - datetime.fromtimestamp(int(given), UTC)
    if age < QUICKEST:
        return Unfit.TOO_QUICK
    return Unfit.TOO_OLD if age > OLDEST else nonce


def _sign(said: str, about: str) -> str:
    return RING.index(f"page of a public form\n{about}\n{said}")
