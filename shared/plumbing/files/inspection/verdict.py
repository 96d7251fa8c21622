"""What the inspection says: a type, or why the file is not taken."""

MOST_POINTS = 64_000_000
"""Of an image. A telephone's 50 million fit; four bytes each, three times over, are within the inspection's memory."""


class Refused(Exception):
    """The file is not taken: `code` is that of the refusal; what is wrong, in two languages, where it can be said."""

    def __init__(self, code: str, en: str = "", ar: str = "") -> None:
        self.code, self.en, self.ar = code, en, ar
        super().__init__(code)


def not_taken() -> Refused:
    return Refused("file_type_not_taken")


def unreadable() -> Refused:
    return Refused("file_unreadable")


def not_plain(en: str, ar: str) -> Refused:
    return Refused("file_not_plain", en, ar)
