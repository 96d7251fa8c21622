"""Intake over HTTP: JSON in, a use case, JSON out."""

from services.intake.api import accounts, benefit, cases, clarifications, papers, policy, public

ROUTERS = (
    public.router,
    cases.router,
    papers.router,
    clarifications.router,
    benefit.router,
    policy.router,
    *accounts.ROUTERS,
)
