"""Made-up people with ordinary names, among whom the right one has to be found."""

from itertools import product
from pathlib import Path

PAIRS = Path(__file__).parent / "pairs.txt"

FIRST = ("محمد", "أحمد", "علي", "حسن", "خالد", "سعد", "فهد", "سلطان", "ناصر", "صالح")
SISTERS = ("فاطمة", "نورة", "سارة", "مريم", "هند", "منى", "ريم", "أمل", "هدى", "عبير")
FATHER = ("محمد", "عبدالله", "إبراهيم", "سالم", "سليمان", "يوسف", "عبدالرحمن", "حسين", "عمر", "صالح")
FAMILY = ("الحربي", "الغامدي", "الزهراني", "القحطاني", "العتيبي", "الشهري")
MORE_FAMILY = ("الدوسري", "المطيري", "العنزي", "المالكي", "الجهني", "البلوي")


def pairs() -> list[tuple[str, str]]:
    """(as typed, as registered), in the order of the file."""
    lines = [line for line in PAIRS.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [
        (typed.strip(), registered.strip())
        for registered, *others in (line.split("|") for line in lines)
        for typed in others
    ]


def crowd() -> list[str]:
    """2,400 others."""
    return [" ".join(parts) for parts in product(FIRST + SISTERS, FATHER, FAMILY + MORE_FAMILY)]
