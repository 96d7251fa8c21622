"""Intake over HTTP: JSON in, a use case, JSON out."""

from services.intake.api import (
    accounts,
    benefit,
    case_sheet,
    cases,
    clarifications,
    confidence,
    files,
    letters,
    papers,
    people,
    personal,
    policy,
    public,
    register,
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
    *register.ROUTERS,
    *accounts.ROUTERS,
)
