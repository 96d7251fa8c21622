"""Intake over HTTP: JSON in, a use case, JSON out."""

from services.intake.api import (
    accounts,
    benefit,
    cases,
    clarifications,
    confidence,
    files,
    papers,
    people,
    personal,
    policy,
    public,
)

ROUTERS = (
    public.router,
    cases.router,
    people.router,
    personal.router,
    papers.router,
    files.router,
    clarifications.router,
    benefit.router,
    policy.router,
    confidence.router,
    *accounts.ROUTERS,
)
