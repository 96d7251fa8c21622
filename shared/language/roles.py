"""Who acts, and where: the roles that a door may name."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Role(StrEnum):
    """A seat that a person holds in one association. What a role may do stands at each route."""

    DELEGATE = "delegate"
    BRANCH_MANAGER = "branch_manager"
    INTAKE_OFFICER = "intake_officer"
    SOCIAL_RESEARCHER = "social_researcher"
    COMMITTEE_MEMBER = "committee_member"
    COMMITTEE_CHAIR = "committee_chair"
    DEPARTMENT_DECIDER = "department_decider"
    NOTIFICATIONS_OPERATOR = "notifications_operator"
    QUALITY_OFFICER = "quality_officer"
    ASSOCIATION_ADMINISTRATOR = "association_administrator"
    AUDITOR = "auditor"
    PLATFORM_OPERATOR = "platform_operator"


BRANCH_ROLES = frozenset({Role.DELEGATE, Role.BRANCH_MANAGER})
"""Roles that see the cases of their own branch alone; every other role sees the association's."""


class Actor(BaseModel):
    """The one who did it, as it stands in an event: ids, never a name."""

    model_config = ConfigDict(frozen=True)

    person_id: str
    role: Role | None = None
    branch_id: str | None = None


APPLICANT = Actor(person_id="applicant")
"""The person himself, through a public door."""

SYSTEM = Actor(person_id="system")
"""Athar itself: a timer that fell due, a message that was sent."""
