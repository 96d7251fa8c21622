"""Intake's pages: signing in, one's own session, and the public's; without scripts, in Arabic and English."""

from services.intake.pages import enrolment, issuer, own, public, sign_in

PAGES = (sign_in.pages, enrolment.pages, own.pages, issuer.pages, *public.PAGES)
