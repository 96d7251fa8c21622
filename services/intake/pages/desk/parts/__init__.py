"""The parts of the case page. A new one is a function here, a template of its name, and its place in `PARTS`."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.intake.pages.desk.checklist import papers
from services.intake.pages.desk.filled import answers
from services.intake.pages.desk.on_desk import OnDesk
from services.intake.pages.desk.parts.arrival import arrival
from services.intake.pages.desk.parts.handing import handing
from services.intake.pages.desk.parts.library import library
from services.intake.pages.desk.parts.next_step import next_step
from services.intake.pages.desk.parts.request import applicant, header
from services.intake.pages.desk.parts.stated import stated
from services.intake.pages.desk.parts.timeline import clarifications, timeline
from services.intake.pages.desk.parts.way import attestation, benefit, decision, delivery, referral

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """A part of the page: what it shows of a case, or `None` where it has nothing to show."""

    name: str
    place: str
    """`top` over the whole width, `main`, or `side`."""
    look: Callable[[OnDesk], Awaitable[Facts | None]]


PARTS = (
    Part("header", "top", header),
    Part("next", "side", next_step),
    Part("applicant", "side", applicant),
    Part("library", "side", library),
    Part("stated", "side", stated),
    Part("papers", "main", papers),
    Part("answers", "main", answers),
    Part("arrival", "main", arrival),
    Part("clarifications", "main", clarifications),
    Part("attestation", "main", attestation),
    Part("referral", "main", referral),
    Part("decision", "main", decision),
    Part("handing", "main", handing),
    Part("delivery", "main", delivery),
    Part("benefit", "main", benefit),
    Part("timeline", "main", timeline),
)
"""In the order in which they stand on the page."""


@dataclass(frozen=True)
class Shown:
    """A part that has something to show, as its template finds it."""

    name: str
    facts: Facts

    @property
    def template(self) -> str:
        return f"desk/parts/{self.name}.html"


async def parts_of(desk: OnDesk) -> dict[str, list[Shown]]:
    """What there is to show of a case, by its place on the page."""
    shown: dict[str, list[Shown]] = {"top": [], "side": [], "main": []}
    for part in PARTS:
        if (facts := await part.look(desk)) is not None:
            shown[part.place].append(Shown(part.name, facts))
    return shown
