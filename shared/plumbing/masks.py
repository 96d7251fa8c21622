"""Personal data as a screen may show them; in clear they are shown at a door of their own, with a reason."""

from shared.plumbing.seal import ERASED

DOTS = "••••"


def masked(recipient: str) -> str:
    """`+966512345123` as `+9665••••123`, `noura@example.sa` as `n••••@example.sa`."""
    if recipient == ERASED:
        return recipient
    name, at, host = recipient.rpartition("@")
    if at:
        return f"{name[:1]}{DOTS}@{host}"
    return f"{recipient[:5]}{DOTS}{recipient[-3:]}" if len(recipient) >= 12 else f"{DOTS}{recipient[-2:]}"
