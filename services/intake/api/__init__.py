"""Intake over HTTP: JSON in, a use case, JSON out."""

from services.intake.api import (
    accounts,
    benefit,
    case_sheet,
    cases,
    clarifications,
    confidence,
    files,
    filters,
    imports,
    letters,
    papers,
    people,
    personal,
    policy,
    public,
    rights_sheet,
)

ROUTERS = (
    public.router,
    cases.router,
    case_sheet.router,
    people.router,
    personal.router,
    rights_sheet.router,
    papers.router,
    files.router,
    imports.router,
    filters.router,
    letters.router,
    clarifications.router,
    benefit.router,
    policy.router,
    confidence.router,
    *accounts.ROUTERS,
)
