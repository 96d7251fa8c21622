"""Intake's pages: signing in and one's own session, without scripts, in Arabic and English."""

from services.intake.pages import enrolment, issuer, own, sign_in

PAGES = (sign_in.pages, enrolment.pages, own.pages, issuer.pages)
