"""Satisfaction over a period, told so that nobody can be recognised in it (`goal.satisfaction`)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from services.feedback.domain.base import malformed
from shared.language.calendar import RIYADH, riyadh_day
from shared.language.events import Ending

LEAST_ANSWERS = 3
"""A group with fewer answers shows its counts and no averages."""

DEFAULT_DAYS = 90
QUESTIONS = ("overall", "ease", "impression", "respect", "speed")


class Period(NamedTuple):
    """Whole days in Riyadh, the first and the last among them."""

    first: date
    last: date

    @classmethod
    def of(cls, first: date | None, last: date | None, *, now: datetime) -> "Period":
        """The days asked for, by default the last 90. Raises `Malformed` when they end before they begin."""
        last = last or riyadh_day(now)
        first = first or last - timedelta(days=DEFAULT_DAYS - 1)
        if first > last:
            raise malformed("from", ar="بداية المدة بعد نهايتها", en="the period begins after its end")
        return cls(first, last)

    @property
    def begins_at(self) -> datetime:
        return datetime.combine(self.first, time.min, RIYADH)

    @property
    def ends_before(self) -> datetime:
        return datetime.combine(self.last + timedelta(days=1), time.min, RIYADH)


@dataclass(frozen=True)
class Tally:
    """What was counted of one department and ending. `replies` are those of the period's invitations."""

    department_id: str
    ending: Ending
    invitations: int = 0
    replies: int = 0
    answers: int = 0
    sums: tuple[int, ...] = (0,) * len(QUESTIONS)


@dataclass(frozen=True)
class Group:
    """How it was for one group. `averages` is empty where the answers are too few to be told."""

    name: str
    invitations: int
    replies: int
    answers: int
    sums: tuple[int, ...]
    told: bool

    @property
    def response_rate(self) -> float | None:
        """The share of the period's invitations that has been answered."""
        return round(self.replies / self.invitations, 2) if self.invitations else None

    # One decimal says enough, and keeps one person's answer from showing in the difference of two periods.
    @property
    def averages(self) -> dict[str, float | None]:
        return {
            question: round(total / self.answers, 1) if self.told else None
            for question, total in zip(QUESTIONS, self.sums, strict=True)
        }


def all_together(tallies: Sequence[Tally]) -> Group:
    """The whole association."""
    return _group("", tallies)


def by_department(tallies: Sequence[Tally]) -> list[Group]:
    return _broken_out(tallies, lambda tally: tally.department_id)


def by_ending(tallies: Sequence[Tally]) -> list[Group]:
    return _broken_out(tallies, lambda tally: tally.ending.value)


def _broken_out(tallies: Sequence[Tally], name_of: Callable[[Tally], str]) -> list[Group]:
    names = sorted({name_of(tally) for tally in tallies})
    groups = [_group(name, [tally for tally in tallies if name_of(tally) == name]) for name in names]
    held_back = sum(group.answers for group in groups if not group.told)
    if 0 < held_back < LEAST_ANSWERS:
        # The whole minus the groups told would give these few away: the smallest group told keeps them company.
        company = min((group for group in groups if group.told), key=lambda group: group.answers, default=None)
        groups = [_untold(group) if group is company else group for group in groups]
    return groups


def _group(name: str, tallies: Sequence[Tally]) -> Group:
    answers = sum(tally.answers for tally in tallies)
    return Group(
        name=name,
        invitations=sum(tally.invitations for tally in tallies),
        replies=sum(tally.replies for tally in tallies),
        answers=answers,
        sums=tuple(sum(tally.sums[n] for tally in tallies) for n in range(len(QUESTIONS))),
        told=answers >= LEAST_ANSWERS,
    )


def _untold(group: Group) -> Group:
    return Group(**(vars(group) | {"told": False}))
