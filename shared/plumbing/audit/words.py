"""How the trail names chains and things, and never a person: what was typed may be somebody's number."""

import re
from hashlib import sha256

from shared.plumbing.seal import RING

ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ROW_NUMBER = re.compile(r"[0-9]{1,8}")
"""Our tables' own numbers. A national id has ten digits, a mobile without its nought nine."""
SHORT = 24
TRAIL = "trail\n"
REGISTERS, PUBLIC_CHAINS = 16, 256
REGISTER = "register:"


def case_chain(case_id: str) -> str:
    return f"case:{case_id}"


def person_chain(association_id: str | None, person_id: str) -> str:
    """Two associations may call two people the same."""
    return f"person:{association_id or '-'}/{person_id}"[:220]


def public_chain(correlation_id: str) -> str:
    """One of many for those whom nobody knows, so that they do not wait for each other."""
    return f"public:{_spread(correlation_id, PUBLIC_CHAINS):02x}"


def register_of(chain: str) -> str:
    """The chain in which the beginning of `chain` is noted."""
    return f"{REGISTER}{_spread(chain, REGISTERS):x}"


def id_or_mark(value: str) -> str:
    """An id of ours as it is; anything else as a keyed hash, under which the same thing is known again."""
    return value if ID.fullmatch(value) or ROW_NUMBER.fullmatch(value) else mark(value)


def mark(value: str) -> str:
    """A keyed hash in the place of what may lead to a person."""
    # Not the hash by which the tables find him: this one stays when those are taken out.
    return f"~{RING.index(TRAIL + value)[:SHORT]}"


def _spread(text: str, over: int) -> int:
    return int.from_bytes(sha256(text.encode()).digest()[:4], "big") % over
