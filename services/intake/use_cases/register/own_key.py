"""A file from before persons had keys gets its own, before more is written into it."""

from datetime import datetime

from services.intake.domain.people import Beneficiary
from shared.plumbing.vault import VAULT


def give_key(person: Beneficiary, *, now: datetime) -> None:
    """See that his words lie under his own key. Raises `PersonErased` for one whose key is destroyed."""
    if person.subject_id is None:
        VAULT.make(person.key_id, now=now)
        person.take_key()
