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
    SENSITIVE_COMPLAINTS_OFFICER = "sensitive_complaints_officer"
    ASSOCIATION_ADMINISTRATOR = "association_administrator"
    AUDITOR = "auditor"
    PLATFORM_OPERATOR = "platform_operator"

    @property
    def ar(self) -> str:
        """What the seat is called."""
        return ARABIC[self]


ARABIC = {
    Role.DELEGATE: "مندوب",
    Role.BRANCH_MANAGER: "مدير الفرع",
    Role.INTAKE_OFFICER: "موظف علاقات المستفيدين",
    Role.SOCIAL_RESEARCHER: "الباحث الاجتماعي",
    Role.COMMITTEE_MEMBER: "عضو لجنة البحث",
    Role.COMMITTEE_CHAIR: "رئيس لجنة البحث",
    Role.DEPARTMENT_DECIDER: "صاحب القرار في الإدارة",
    Role.NOTIFICATIONS_OPERATOR: "مشغّل الإشعارات",
    Role.QUALITY_OFFICER: "مسؤول الجودة",
    Role.SENSITIVE_COMPLAINTS_OFFICER: "مسؤول الشكاوى الحساسة",
    Role.ASSOCIATION_ADMINISTRATOR: "مدير النظام في الجمعية",
    Role.AUDITOR: "مراجع",
    Role.PLATFORM_OPERATOR: "مشغّل المنصة",
}
"""What each seat is called."""

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
