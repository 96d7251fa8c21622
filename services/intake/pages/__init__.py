"""Intake's pages: signing in, one's own session, the desk, imports, the public's; without scripts, in two languages."""

from services.intake.pages import desk, enrolment, imports, issuer, own, public, sign_in

PAGES = (sign_in.pages, enrolment.pages, own.pages, issuer.pages, imports.pages, *desk.PAGES, *public.PAGES)
