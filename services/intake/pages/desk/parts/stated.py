"""What requests say of the applicant otherwise than his file: shown beside it until somebody takes it in."""

from collections.abc import Mapping
from typing import Any

from services.intake.domain.people import Beneficiary
from services.intake.domain.register.particulars import Registration
from services.intake.pages.desk.on_desk import OnDesk
from services.intake.seats import SEEKERS
from services.intake.store.register import is_seen, newest_registrations, root_of
from services.intake.use_cases.register.take_typed import typed_otherwise
from shared.plumbing.masks import masked
from shared.ui.language import mark
from shared.ui.signed_in import name_of_branch

SHOWN = 50
FIELDS = {"name": mark("Name"), "mobile": mark("Mobile"), "email": mark("E-mail")}


async def stated(desk: OnDesk) -> Mapping[str, Any] | None:
    """Both values of each field that differs, numbers masked; nothing where none does, or he sees no file."""
    if desk.who.role not in SEEKERS:
        return None
    person = await root_of(desk.session, desk.person)
    kept = await newest_registrations(desk.session, person.id, limit=SHOWN)
    rows = [row for one in kept for row in _rows(desk, person, one)]
    if not rows or not await is_seen(desk.session, person.id, scope=desk.who.scope):
        return None
    return {"rows": rows}


def _rows(desk: OnDesk, person: Beneficiary, one: Registration) -> list[dict[str, Any]]:
    typed = typed_otherwise(one, person=person, own=None, now=desk.now)
    return [
        {
            "field": desk.say(words),
            "is_name": field == "name",
            "on_file": _shown(field, getattr(person, field)),
            "said": _shown(field, typed[field]),
            "branch": name_of_branch(desk.pack, one.at_branch, language=desk.language),
            "at": one.registered_at,
        }
        for field, words in FIELDS.items()
        if field in typed
    ]


def _shown(field: str, value: str | None) -> str | None:
    return value if value is None or field == "name" else masked(value)
