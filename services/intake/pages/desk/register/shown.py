"""What of a file stands on its pages: masked, and with its way to be seen in clear."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.intake.domain.people import Beneficiary
from services.intake.domain.register.mandates import Deed, Mandate
from services.intake.domain.register.particulars import MaritalStatus, PersonParticulars
from services.intake.pages.desk.register.on_file import OnFile
from services.intake.pages.desk.register.words import CAPACITIES, CLEAR, DEEDS, DIFFERING, MARITAL
from services.intake.store.people import people_named
from services.intake.store.register import branches, is_seen, newest_registrations
from services.intake.use_cases.register.show_person import OF_THE_PERSON, Clear
from services.intake.use_cases.register.take_typed import OF_PERSON, typed_otherwise
from shared.plumbing.masks import masked
from shared.plumbing.seal import Erased

MOST_TYPED = 200
Row = tuple[Clear, str, str | None]
"""The field, what it is called, and what of it is shown."""


def rows_of_file(file: OnFile) -> list[tuple[str, str, str | None]]:
    rows = masked_rows(file.found.person, file.found.particulars)
    marital = {status.value: words for status, words in MARITAL.items()}
    return [
        (
            field.value,
            file.say(CLEAR[field]),
            file.say(marital[value]) if field is Clear.MARITAL_STATUS and value in marital else value,
        )
        for field, value in rows
    ]


def masked_rows(person: Beneficiary, own: PersonParticulars | None) -> list[tuple[Clear, str | None]]:
    """Each particular as a screen may show it; of a birthday the year alone."""
    return [(field, _shown(field, person if field in OF_THE_PERSON else own)) for field in Clear]


def _shown(field: Clear, holder: Beneficiary | PersonParticulars | None) -> str | None:
    value: str | None = getattr(holder, field.value) if holder is not None else None
    if value is None or isinstance(value, Erased) or (field is Clear.MARITAL_STATUS and value in set(MaritalStatus)):
        return value
    return value[:4] if field is Clear.BIRTHDAY else masked(value)


@dataclass(frozen=True)
class Otherwise:
    """One field of one registration that the file says otherwise, both values as a screen may show them."""

    code: str
    field: str
    words: str
    said: str
    on_file: str | None
    at: datetime


async def typed_otherwise_of(file: OnFile) -> list[Otherwise]:
    """What somebody typed otherwise than the file says, and nobody has decided; the newest first."""
    person, own = file.found.person, file.found.particulars
    rows = []
    for row in await newest_registrations(file.session, file.id, limit=MOST_TYPED):
        for field, value in typed_otherwise(row, person=person, own=own, now=file.now).items():
            known = getattr(person if field in OF_PERSON else own, field, None)
            words = file.say(DIFFERING.get(field, field))
            code = f"{row.id}/{field}"
            said, on_file = _said_of(file, field, value), _said_of(file, field, known)
            rows.append(Otherwise(code, field, words, said or "", on_file, row.registered_at))
    return rows


def _said_of(file: OnFile, field: str, value: str | None) -> str | None:
    if value is None or field in {"name", "birthday_calendar"}:
        return value
    marital = {status.value: words for status, words in MARITAL.items()}
    if field == Clear.MARITAL_STATUS and value in marital:
        return file.say(marital[value])
    return value[:4] if field == Clear.BIRTHDAY else masked(value)


async def rows_of_mandates(file: OnFile, mandates: Sequence[Mandate]) -> list[dict[str, Any]]:
    """Who may act for him. Of one whose file is another branch's, whom to call and not his name."""
    agents = {one.id: one for one in await people_named(file.session, {mandate.agent_id for mandate in mandates})}
    rows = []
    for mandate in mandates:
        agent = agents.get(mandate.agent_id)
        seen = agent is not None and await is_seen(file.session, agent.id, scope=file.who.scope)
        known = [] if seen else await branches(file.session, mandate.agent_id, scope=file.who.scope)
        rows.append(
            {
                "id": mandate.id,
                "name": agent.name if seen and agent is not None else "",
                "agent_id": mandate.agent_id if seen else None,
                "call": [file.branch(branch) for branch in known],
                "capacity": CAPACITIES[mandate.capacity],
                "deeds": [file.say(DEEDS[Deed(deed)]) for deed in mandate.deeds],
                "paper": mandate.paper,
                "valid_from": mandate.valid_from,
                "valid_until": mandate.valid_until,
                "in_force": mandate.in_force(file.today),
                "ended_reason": mandate.ended_reason,
            }
        )
    return rows
