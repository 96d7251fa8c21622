"""Personal data as a screen may show them."""

import re

DOTS = "••••"
LONG_NUMBER = re.compile(r"\+?\d{8,}")


def masked(recipient: str) -> str:
    """`+966512345123` as `+9665••••123`, `noura@example.sa` as `n••••@example.sa`."""
    name, at, host = recipient.rpartition("@")
    if at:
        return f"{name[:1]}{DOTS}@{host}"
    return f"{recipient[:5]}{DOTS}{recipient[-3:]}" if len(recipient) >= 12 else f"{DOTS}{recipient[-2:]}"


def covered(text: str, *, secrets: tuple[str | None, ...]) -> str:
    """The text without the secrets, and without long numbers: one may be somebody's mobile or identity."""
    for secret in filter(None, secrets):
        text = text.replace(secret, "•••")
    return LONG_NUMBER.sub("•••", text)
