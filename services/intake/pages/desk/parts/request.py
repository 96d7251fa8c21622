"""Which request it is and where it stands, and whose it is."""

from collections.abc import Mapping
from typing import Any

from services.intake.pages.desk.on_desk import OnDesk, name_of_service
from services.intake.pages.desk.words import CHANNELS
from services.intake.seats import FRONT, SEEKERS
from shared.language.case_lifecycle import CaseStatus
from shared.plumbing.masks import masked
from shared.policy.pack import Pack
from shared.ui.language import mark
from shared.ui.signed_in import name_of_branch

S = CaseStatus


def way_of(pack: Pack) -> list[tuple[str, frozenset[CaseStatus]]]:
    """The steps of a request's way, each with its statuses; what a pack does not ask for is left out."""
    signs = pack.attestation is not None
    steps = [
        (mark("Request"), {S.DRAFT}),
        (mark("Papers"), {S.RECEIVED, S.INCOMPLETE}),
        (mark("Attestation"), {S.COMPLETE} if signs else set()),
        (mark("Sending up"), {S.ATTESTED} if signs else {S.COMPLETE}),
        (mark("Study"), {S.REFERRED, S.DECIDED}),
        (mark("Answer"), {S.ANSWERED}),
        (mark("Delivery"), {S.REGISTERED}),
        (mark("Benefit"), {S.DELIVERED}),
    ]
    return [(words, frozenset(statuses)) for words, statuses in steps if statuses]


async def header(desk: OnDesk) -> Mapping[str, Any]:
    """Reference, status, place, and how far it has come; an ended request has come as far as its ending."""
    case, way = desk.case, way_of(desk.pack)
    at = next((place for place, (_, statuses) in enumerate(way, 1) if case.status in statuses), None)
    if case.status is S.CLOSED and case.delivered_on is not None:
        at = len(way) + 1
    return {
        "name": desk.person.name,
        "service": name_of_service(desk.pack, case.service_id, language=desk.language),
        "branch": name_of_branch(desk.pack, case.branch_id, language=desk.language),
        "channel": CHANNELS[case.channel],
        "steps": [desk.say(words) for words, _ in way],
        "at": at,
        "receipt": desk.who.role in FRONT and case.status is not S.DRAFT,
    }


async def applicant(desk: OnDesk) -> Mapping[str, Any]:
    """Whose it is; his numbers masked, and shown in clear at a page of their own, with a reason."""
    person = desk.person
    return {
        "id": person.id,
        "name": person.name,
        "national_id": masked(person.national_id),
        "mobile": masked(person.mobile) if person.mobile else None,
        "email": masked(person.email) if person.email else None,
        "shows": desk.who.role in FRONT,
        "has_file": desk.who.role in SEEKERS,
        "show": desk.at("/applicant"),
    }
