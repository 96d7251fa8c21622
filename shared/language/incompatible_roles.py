"""Which seats one person does not hold on overlapping days: the maker is not the checker, before there is a case.

What one person does to one case stands in `incompatible.py`. This table is for seats: they are refused when given.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.language.errors import RolesIncompatible
from shared.language.roles import ARABIC, Role


@dataclass(frozen=True)
class IncompatibleRoles:
    """Nobody of `these` is one of `those`, and why."""

    these: frozenset[Role]
    those: frozenset[Role]
    ar: str
    en: str

    def bar(self, one: Role, other: Role) -> bool:
        both = one in self.these and other in self.those
        return one is not other and (both or (other in self.these and one in self.those))


TAKERS = frozenset({Role.DELEGATE, Role.BRANCH_MANAGER, Role.INTAKE_OFFICER})
DECIDERS = frozenset({Role.COMMITTEE_MEMBER, Role.COMMITTEE_CHAIR, Role.DEPARTMENT_DECIDER})

INCOMPATIBLE_ROLES = (
    IncompatibleRoles(
        TAKERS,
        DECIDERS,
        ar="من يأخذ الطلبات ويرفعها لا يجلس للبتّ فيها",
        en="who takes requests and sends them up has no seat where they are decided",
    ),
    IncompatibleRoles(
        frozenset({Role.SOCIAL_RESEARCHER}),
        frozenset({Role.DEPARTMENT_DECIDER}),
        ar="من يدرس الطلبات لا يبتّ فيها وحده",
        en="who studies requests does not decide them alone",
    ),
    IncompatibleRoles(
        frozenset({Role.AUDITOR}),
        frozenset(Role),
        ar="المراجع لا عمل له غير المراجعة",
        en="who audits does nothing else",
    ),
    IncompatibleRoles(
        frozenset({Role.PLATFORM_OPERATOR}),
        frozenset(Role),
        ar="مشغّل المنصة لا يرى بيانات الجمعيات",
        en="who runs the installation sees no association's data",
    ),
)


def are_compatible(one: Role, other: Role) -> bool:
    """Whether one person may hold both at a time."""
    return not any(pair.bar(one, other) for pair in INCOMPATIBLE_ROLES)


def check_roles(role: Role, *, held: Iterable[Role], field: str = "role") -> None:
    """Raises `RolesIncompatible`, naming both, for the first of `held` that does not go with `role`."""
    for other in held:
        if not are_compatible(role, other):
            refusal = RolesIncompatible(field=field, one=_said(role), other=_said(other))
            refusal.facts_ar = {"one": ARABIC[role], "other": ARABIC[other]}
            raise refusal


def _said(role: Role) -> str:
    return role.value.replace("_", " ")
