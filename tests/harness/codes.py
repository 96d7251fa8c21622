"""What stands on no page that a person reads: codes where words belong, and days as machines write them."""

import re
from collections.abc import Iterable
from enum import StrEnum

from services.intake.domain.attesting import Manner
from services.intake.domain.deliveries import ProofKind
from services.intake.domain.letters import Direction
from services.intake.domain.register.household import Dwelling, Income, Kinship, Obligation, Repair, Tenure
from services.intake.domain.register.mandates import Capacity, Deed
from services.intake.domain.transfers import TransferStatus
from shared.language.case_lifecycle import CaseStatus
from shared.language.clauses import Channel, Clause, ReviewingBody, Tool
from shared.language.events import EVENTS, Outcome, ProposalKind
from shared.language.roles import Role
from shared.policy.adopted import packs

CLOSED: tuple[type[StrEnum], ...] = (
    *(Channel, CaseStatus, Role, Tool, ReviewingBody, Clause, Outcome, ProposalKind, TransferStatus, Direction),
    *(Manner, ProofKind, Kinship, Income, Obligation, Dwelling, Tenure, Repair, Capacity, Deed),
)
MACHINE_DAY = re.compile(r"(?<![\w/-])\d{4}-\d{2}-\d{2}(?![\w-])")
SHOWN = """() => {
    const texts = [document.title, document.body.innerText]
    for (const one of document.querySelectorAll("option")) texts.push(one.textContent)
    for (const one of document.querySelectorAll("[placeholder]")) texts.push(one.placeholder)
    return texts.join("\\n")
}"""
"""What a browser shows of a page, also in its lists of choices."""


def _codes() -> set[str]:
    found = {one.value for closed in CLOSED for one in closed} | {type_ for type_, _ in EVENTS}
    for pack in packs().values():
        found |= {service.id for service in pack.services} | {branch.id for branch in pack.branches}
        found |= {demand.kind for service in pack.services for demand in service.documents}
    return found


CODES = _codes()
NO_ENGLISH = {code for code in CODES if "_" in code or "." in code}
"""What cannot be a word of an English page."""


def _standing(codes: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(codes, key=len, reverse=True)
    return re.compile(rf"(?<![\w@/.-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w@/-])")


_BY_LANGUAGE = {"ar": _standing(CODES), "en": _standing(NO_ENGLISH)}


def bare(text: str, *, language: str) -> list[str]:
    """The codes and machine's days that stand in what a page shows."""
    return sorted({*_BY_LANGUAGE[language].findall(text), *MACHINE_DAY.findall(text)})
