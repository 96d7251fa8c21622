"""Intake's pages: signing in, one's own session, the desk, and the public's; without scripts, in Arabic and English."""

from services.intake.pages import desk, enrolment, issuer, own, public, sign_in

PAGES = (sign_in.pages, enrolment.pages, own.pages, issuer.pages, *desk.PAGES, *public.PAGES)
