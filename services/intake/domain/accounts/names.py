"""User names: one person, one name, whatever a keyboard makes of it."""

import re
import unicodedata

from services.intake.domain.people import WESTERN_DIGITS
from shared.language.errors import UserNameUnfit

_MARKS = r"0-9._-"
_FIT = re.compile(rf"(?=.*[^{_MARKS}])([a-z{_MARKS}]{{3,40}}|[\u0621-\u063a\u0641-\u064a{_MARKS}]{{3,40}})")
_ONE_LETTER = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه"})
"""Arabic letters that people write for each other."""


def fold(user_name: str) -> str:
    """The form by which a name is one in its association: compatibility forms and case folded (Unicode TR 36 §2.10).

    Raises `UserNameUnfit` for letters of two scripts, or of one in which look-alikes of another can be written.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", user_name.strip()).casefold())
    folded = folded.translate(WESTERN_DIGITS)
    if not _FIT.fullmatch(folded):
        raise UserNameUnfit(field="user_name")
    return folded.translate(_ONE_LETTER)
