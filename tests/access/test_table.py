"""The page of who may, and what holds of every door in it."""

import pytest

from athar.catalogue import SERVICES
from athar.stack.access import PAGE, DoorRow, doors_of, page
from shared.language.roles import ARABIC, Role

DOORS = [pytest.param(door, id=f"{name} {door.name}") for name, one in SERVICES.items() for door in doors_of(one)]
OF_PEOPLE = "/api/v1/operations/", "/metrics"
"""Doors that show how the service runs, and no row of any association."""
OWN = "/api/v1/me", "/session"
"""Doors to one's own account: whoever may sign in may sign out, and choose a password."""


def test_the_page_says_what_the_doors_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "print it anew: make access"


def test_every_role_has_its_arabic_name() -> None:
    assert set(ARABIC) == set(Role)
    assert len(set(ARABIC.values())) == len(Role)


@pytest.mark.parametrize("door", DOORS)
def test_an_auditor_changes_nothing(door: DoorRow) -> None:
    if not door.name.startswith("GET ") and not door.name.split()[1].startswith(OWN):
        assert Role.AUDITOR not in door.roles


@pytest.mark.parametrize("door", DOORS)
def test_the_platform_operator_opens_only_what_shows_how_it_runs(door: DoorRow) -> None:
    if Role.PLATFORM_OPERATOR in door.roles and not door.name.split()[1].startswith(OWN):
        assert door.name.split()[1].startswith(OF_PEOPLE)
        assert door.roles == {Role.PLATFORM_OPERATOR}


@pytest.mark.parametrize("role", Role)
def test_every_role_opens_a_door(role: Role) -> None:
    assert any(role in door.roles for service in SERVICES.values() for door in doors_of(service))
