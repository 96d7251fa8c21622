"""Who may open which door, read from the doors themselves: the page `docs/access.md`."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from athar.catalogue import SERVICES
from shared.language.incompatible import INCOMPATIBLE
from shared.language.incompatible_roles import INCOMPATIBLE_ROLES
from shared.language.roles import ARABIC, BRANCH_ROLES, Role
from shared.plumbing import operations, personal_routes
from shared.plumbing.audit import routes as audit_routes
from shared.plumbing.doors import AtharRoute
from shared.plumbing.service import Service
from shared.ui.app import look_routes

PAGE = Path(__file__).parents[2] / "docs" / "access.md"

PUBLIC_DOCUMENTS = {
    "/openapi.json": "what the service can be asked",
    "/docs/events": "what the service tells",
}
"""What every service shows to anyone beside its doors: documents that hold nothing of anybody."""
GATEWAY = {
    "/": "the way to the services",
    "/ui/{rest:path}": "the look, as every service has it",
    "/health": "whether it answers",
    "/ready": "whether every part is well",
}

HEAD = """# Who may see and do what

Printed by `make access` from the doors, the roles and the table of incompatible acts; a test holds it to them. What a
door does not list is refused, and a route without a door does not start.

Beside the door stands the scope. A request touches the rows of its person's association alone, a branch role's those of
its branch, and of a confidential case only those named on it, in every service. `shared/plumbing/scoped_session.py`
adds that to every statement and refuses one without it, and on PostgreSQL row policies stand behind it. What is not
yours and what is not there get the same answer.

## Roles

A token is for one seat of one person in one association.

| | role | الدور | sees |
|---:|---|---|---|
"""
SEES = {
    **dict.fromkeys(Role, "the association"),
    **dict.fromkeys(BRANCH_ROLES, "the own branch"),
    Role.AUDITOR: "the association; changes nothing; of a confidential case, that there is one",
    Role.SENSITIVE_COMPLAINTS_OFFICER: "the association's sensitive complaints, which others see only to exist",
    Role.PLATFORM_OPERATOR: "how the installation runs; no row of any association",
}
INCOMPATIBLE_HEAD = """## What one person does not do to the same case

`shared/language/incompatible.py`; the domain refuses by it.

| | | refused as |
|---|---|---|
"""

SEATS_HEAD = """## Seats that one person does not hold on the same days

`shared/language/incompatible_roles.py`; refused as `roles_incompatible` when a seat is given or lent.

| | | seats | and seats |
|---|---|---|---|
"""


@dataclass(frozen=True)
class DoorRow:
    """One door: how it is called, what it is for, and whom it lets in; nobody named is anyone."""

    name: str
    summary: str
    roles: frozenset[Role]


def doors_of(service: Service) -> Iterator[DoorRow]:
    """Every door of a service, in the order of its routers."""
    common = (
        audit_routes.router(),
        operations.router(service.source),
        personal_routes.router(service.source, service.tables),
        look_routes(),
    )
    for router in (*service.api, *service.pages, *common):
        for route in router.routes:
            if isinstance(route, AtharRoute):
                yield row_of(route)


def row_of(route: AtharRoute) -> DoorRow:
    (method,) = (route.methods or {"GET"}) - {"HEAD"}
    return DoorRow(f"{method} {route.path}", route.summary or "", frozenset(route.door.roles))


def page() -> str:
    """The whole page."""
    numbers = {role: number for number, role in enumerate(Role, start=1)}
    roles = [f"| {number} | `{role}` | {ARABIC[role]} | {SEES[role]} |" for role, number in numbers.items()]
    pairs = [f"| {pair.en} | {pair.ar} | `{pair.refusal.code}` |" for pair in INCOMPATIBLE]
    seats = [f"| {pair.en} | {pair.ar} | {_names(pair.these)} | {_names(pair.those)} |" for pair in INCOMPATIBLE_ROLES]
    parts = [HEAD + "\n".join(roles), INCOMPATIBLE_HEAD + "\n".join(pairs), SEATS_HEAD + "\n".join(seats)]
    for name, service in SERVICES.items():
        lines = [f"## {name}", "", f"| door | what for | anyone | {' | '.join(map(str, numbers.values()))} |"]
        lines.append("|---|---|:-:|" + ":-:|" * len(numbers))
        for door in doors_of(service):
            marks = ["●" if role in door.roles else " " for role in numbers]
            lines.append(f"| `{door.name}` | {door.summary} | {' ' if door.roles else '●'} | {' | '.join(marks)} |")
        parts.append("\n".join(lines))
    open_to_all = [f"| `GET {path}` | {what} |" for path, what in PUBLIC_DOCUMENTS.items()]
    gateway = [f"| `GET {path}` | {what} |" for path, what in GATEWAY.items()]
    table = ["| document | what for |", "|---|---|"]
    parts.append("\n".join(["## Documents of every service, for anyone", "", *table, *open_to_all]))
    parts.append("\n".join(["## The gateway itself, for anyone", "", *table, *gateway]))
    return "\n\n".join(parts) + "\n"


def _names(roles: frozenset[Role]) -> str:
    return "every other" if roles == frozenset(Role) else ", ".join(f"`{role}`" for role in Role if role in roles)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
