"""What there is at the desk beside the queues of cases. A new list has its place here."""

from dataclasses import dataclass

from services.intake.pages.desk import closings
from services.intake.seats import FRONT, READERS, REGISTRY, SEEKERS, WAITED_FOR
from shared.language.roles import Role
from shared.ui.language import mark


@dataclass(frozen=True)
class Place:
    """A list of the desk, and the seats that may open it."""

    path: str
    words: str
    icon: str
    roles: tuple[Role, ...]


PLACES = (
    Place("/people", mark("Look for a person, or register one"), "user-search", SEEKERS),
    Place("/contacts", mark("First contacts"), "message-circle", FRONT),
    Place("/calls", mark("Calls to return"), "phone-call", FRONT),
    Place("/questions", mark("Questions that wait"), "message-circle-question-mark", WAITED_FOR),
    Place("/letters", mark("Register of letters"), "mail", REGISTRY),
    Place("/deliveries", mark("To be handed over today"), "package-check", FRONT),
    Place("/proposals", mark("Whom to reach before he asks"), "lightbulb", FRONT),
    Place("/transfers", mark("Files that are asked to move"), "arrow-left-right", FRONT),
    Place("/caseload", mark("The files that you keep"), "folder-open", FRONT),
    Place("/duplicates", mark("Files that may be one person's"), "users", SEEKERS),
    Place("/library", mark("Library"), "library", READERS),
    Place("/guide", mark("Common answers"), "book-open", READERS),
    Place("/branches", mark("Branches that close"), "building", closings.READERS),
)
