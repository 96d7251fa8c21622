"""Intake over HTTP: JSON in, a use case, JSON out."""

from services.intake.api import benefit, cases, clarifications, files, papers, policy, public

ROUTERS = (
    public.router,
    cases.router,
    papers.router,
    files.router,
    clarifications.router,
    benefit.router,
    policy.router,
)
