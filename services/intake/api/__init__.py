"""Intake over HTTP: JSON in, a use case, JSON out."""

from services.intake.api import (
    accounts,
    benefit,
    case_sheet,
    cases,
    clarifications,
    confidence,
    deliveries,
    files,
    letters,
    papers,
    people,
    personal,
    policy,
    proposals,
    public,
    transfers,
)

ROUTERS = (
    public.router,
    cases.router,
    case_sheet.router,
    people.router,
    personal.router,
    papers.router,
    files.router,
    letters.router,
    clarifications.router,
    benefit.router,
    policy.router,
    confidence.router,
    transfers.router,
    deliveries.router,
    proposals.router,
    *accounts.ROUTERS,
)
