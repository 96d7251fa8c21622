"""What a gateway is given, and what the gateway says."""

from dataclasses import dataclass, field
from datetime import datetime

from shared.language.events import Medium


@dataclass(frozen=True)
class Letter:
    """One message on its way out. `reference` is our message id: a good provider takes it once."""

    reference: str
    medium: Medium
    recipient: str = field(repr=False)
    subject: str = field(repr=False)
    body: str = field(repr=False)
    queued_at: datetime
    subject_id: str | None = None


@dataclass(frozen=True)
class Receipt:
    """The gateway took the letter; `provider_reference` is what it calls it."""

    provider_reference: str | None
