"""Words of one direction inside words of the other. Numbers and references are inline, never a block of their own."""

from markupsafe import Markup

FIRST_STRONG, LEFT_TO_RIGHT, POP = "\u2068", "\u2066", "\u2069"


def name(text: str) -> Markup:
    """A person's or a branch's name, in whichever script it is written."""
    return Markup("<bdi>{}</bdi>").format(text)


def ltr(text: object) -> Markup:
    """A reference, identity, phone, IBAN, e-mail or amount: left to right, unbroken, wherever it stands."""
    return Markup('<bdi dir="ltr" class="code">{}</bdi>').format(text)


def number(value: float) -> str:
    """`1,422`, in Western digits: one kind of digit on all pages."""
    return f"{value:,}"


def isolated(text: str) -> str:
    """A name inside plain text (an SMS, a CSV cell), by Unicode's own isolates."""
    return f"{FIRST_STRONG}{text}{POP}"


def isolated_ltr(text: str) -> str:
    """A reference or number inside plain text."""
    return f"{LEFT_TO_RIGHT}{text}{POP}"
