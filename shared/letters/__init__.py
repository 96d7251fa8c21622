"""An official letter (صادر) as a PDF: a value goes in, bytes come out, and nothing is asked of a service."""

from shared.letters.letter import Facts, Items, Letter, Paragraph, Sender, Signature, Term
from shared.letters.press import LetterNotPrinted, Press
from shared.letters.typesetting import typeset

__all__ = [
    "Facts",
    "Items",
    "Letter",
    "LetterNotPrinted",
    "Paragraph",
    "Press",
    "Sender",
    "Signature",
    "Term",
    "typeset",
]
