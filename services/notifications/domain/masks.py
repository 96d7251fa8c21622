"""Personal data as a screen may show them."""

import re

from shared.plumbing.masks import masked

__all__ = ["covered", "masked"]

LONG_NUMBER = re.compile(r"\+?\d{8,}")


def covered(text: str, *, secrets: tuple[str | None, ...]) -> str:
    """The text without the secrets, and without long numbers: one may be somebody's mobile or identity."""
    for secret in filter(None, secrets):
        text = text.replace(secret, "•••")
    return LONG_NUMBER.sub("•••", text)
