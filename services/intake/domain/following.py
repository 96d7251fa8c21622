"""What an applicant knows of his own request: its reference, and his mobile or his national id."""

from services.intake.domain.search import Sought, exact_key, what_is_sought
from shared.policy.adopted import packs

NOWHERE = "-"
"""An association that is none: whoever asks for its requests is served as anybody else."""


def read_reference(typed: str) -> str | None:
    """A reference as it is printed, whichever digits and letters were typed; `None` for what is none."""
    sought, value = what_is_sought(typed)
    return value if sought is Sought.REFERENCE else None


def read_fact(typed: str) -> str | None:
    """The key under which he is found by this mobile or national id; `None` for what is neither."""
    sought, value = what_is_sought(typed)
    return exact_key(sought, value) if sought in {Sought.MOBILE, Sought.NATIONAL_ID} else None


def association_of(reference: str) -> str:
    """Whose requests are numbered so; an association that is none where nobody's are."""
    code = reference.partition("-")[0]
    return next((pack.id for pack in packs().values() if pack.association.code == code), NOWHERE)
