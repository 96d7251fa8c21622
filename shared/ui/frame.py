"""What stands around a page: whose page it is, and where he may go from here."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.language.roles import Role
from shared.plumbing.browser import RENEWAL, SIGN_IN
from shared.ui.language import mark


@dataclass(frozen=True)
class Place:
    """An entry of the navigation; `roles` says who sees it, nobody named is everyone."""

    key: str
    words: str
    href: str
    icon: str
    roles: frozenset[Role] = frozenset()


AT_A_DESK = frozenset(
    {
        Role.DELEGATE,
        Role.BRANCH_MANAGER,
        Role.INTAKE_OFFICER,
        Role.SOCIAL_RESEARCHER,
        Role.QUALITY_OFFICER,
        Role.ASSOCIATION_ADMINISTRATOR,
        Role.AUDITOR,
    }
)
"""Who sees cases (`services/intake/seats.py`); for others the desk is no place to go."""
ON_THE_ROAD = frozenset({Role.DELEGATE, Role.BRANCH_MANAGER, Role.INTAKE_OFFICER})
"""Who takes requests, also where there is no network."""
PLACES = (
    Place("home", mark("Home"), "/", "house"),
    Place("desk", mark("The desk"), "/intake/desk", "inbox", AT_A_DESK),
    Place("day", mark("My day"), "/intake/desk/day", "map-pin", ON_THE_ROAD),
    Place(
        "imports",
        mark("Imports"),
        "/intake/imports",
        "upload",
        frozenset({Role.ASSOCIATION_ADMINISTRATOR, Role.AUDITOR}),
    ),
    Place("session", mark("Your seat"), "/intake/session", "circle-user"),
)
"""The navigation of all services: who knows one page should find every other."""


@dataclass(frozen=True)
class Visitor:
    """Who is signed in, as the header shows him."""

    name: str
    """Empty where the service does not know it; then his role stands for it."""
    role: Role
    place: str
    """His branch; empty for who works for all of them."""


@dataclass(frozen=True)
class Frame:
    """What the layout is told besides the page itself."""

    here: str = ""
    """The key of the place that this page is."""
    organisation: str | None = None
    visitor: Visitor | None = None
    places: tuple[Place, ...] = PLACES
    counts: Mapping[str, int] = field(default_factory=dict)
    """How much waits at a place, by its key."""
    search: str | None = None
    """Where the header's search box asks, when there is one."""
    sign_out: str | None = None
    form_token: str | None = None
    """What shows that signing out was asked for on a page of ours."""
    sign_in: str = SIGN_IN
    account: str = "/intake/session"
    """The page of who is signed in."""
    keeps: bool = False
    """Whether this page may be kept on the device for use without a network: only one that shows nobody's data."""
    owner: str | None = None
    """Whose drafts the device keeps, as an opaque id."""
    renewal: str = RENEWAL
    """Where the one origin renews a session that goes on: an outbox does not wait for somebody to sign in again."""

    def navigation(self) -> list[Place]:
        """The places that this visitor may go to."""
        role = self.visitor.role if self.visitor else None
        return [place for place in self.places if not place.roles or role in place.roles]
