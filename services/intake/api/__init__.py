"""Intake over HTTP: JSON in, a use case, JSON out."""

from services.intake.api import benefit, cases, clarifications, papers, personal, policy, public

ROUTERS = (
    public.router,
    cases.router,
    papers.router,
    clarifications.router,
    benefit.router,
    personal.router,
    policy.router,
)
