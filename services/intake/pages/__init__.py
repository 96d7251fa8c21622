"""Intake's pages: signing in, one's own session, and the desk; without scripts, in Arabic and English."""

from services.intake.pages import desk, enrolment, issuer, own, sign_in

PAGES = (sign_in.pages, enrolment.pages, own.pages, issuer.pages, *desk.PAGES)
