"""How long an ended case is kept, by how it ended, where the association's policy says it."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from services.intake.domain.case import Case
from shared.language import errors
from shared.language.calendar import riyadh_day
from shared.language.case_lifecycle import ENDED, CaseStatus
from shared.language.events import Outcome
from shared.policy.parts import Retention

UNNAMED = "•••"


def years_after(day: date, years: int) -> date:
    """The same day so many years later; the 29th of February becomes the 1st of March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def kept_until(case: Case, retention: Retention | None) -> date | None:
    """The first day on which nothing asks for the case any more; `None` where nothing ever did, or it has not ended."""
    if retention is None or case.ended_at is None:
        return None
    if case.status is CaseStatus.CLOSED:
        years = retention.rejected_years if case.outcome is Outcome.REJECTED else retention.served_years
    else:
        years = retention.withdrawn_years
    return years_after(riyadh_day(case.ended_at), years)


def check_may_be_erased(
    cases: Sequence[Case], *, retention: Retention | None, at: datetime, seen: Collection[str] | None = None
) -> None:
    """Raises `CaseStillOpen` or `RetentionRuns`: his right to be erased waits for both (law art. 18).

    Of the cases whose ids are not among `seen`, the refusal names no reference: they are confidential to whoever asks.
    """
    if still_open := [case for case in cases if case.status not in ENDED]:
        named = [case.reference if seen is None or case.id in seen else UNNAMED for case in still_open]
        raise errors.CaseStillOpen(references=", ".join(dict.fromkeys(named)))
    until = max(filter(None, (kept_until(case, retention) for case in cases)), default=None)
    if until is not None and riyadh_day(at) < until:
        raise errors.RetentionRuns(until=until)


def may_be_erased(cases: Sequence[Case], *, retention: Retention | None, at: datetime) -> bool:
    """Whether his file is to be proposed for erasure: all ended, and every period that was given is over."""
    try:
        check_may_be_erased(cases, retention=retention, at=at)
    except (errors.CaseStillOpen, errors.RetentionRuns):
        return False
    return retention is not None and bool(cases)
