"""How the trail names chains and things, and never a person: what was typed may be somebody's number."""

import re
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network

from shared.plumbing.seal import RING

ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ROW_NUMBER = re.compile(r"[0-9]{1,8}")
"""Our tables' own numbers. A national id has ten digits, a mobile without its nought nine."""
SHORT = 24
TRAIL = "trail\n"
REGISTERS, PUBLIC_CHAINS = 16, 256
REGISTER = "register:"
REVEAL, REVEAL_OF_SENSITIVE = "reveal", "reveal_of_sensitive"


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


def mark_of_network(address: str) -> str:
    """A keyed hash of the network that a stranger comes from: of 256 addresses, or in IPv6 of a whole site's.

    Whoever holds the key could try all addresses there are: what he finds then is no household's.
    """
    try:
        ip = ip_address(address)
    except ValueError:
        return mark(address)
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return mark(str(ip_network((ip, 24 if ip.version == 4 else 48), strict=False)))


def _spread(text: str, over: int) -> int:
    return int.from_bytes(sha256(text.encode()).digest()[:4], "big") % over
