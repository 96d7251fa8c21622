"""Intake's pages: signing in, one's own session and imports, without scripts, in Arabic and English."""

from services.intake.pages import enrolment, imports, issuer, own, sign_in

PAGES = (sign_in.pages, enrolment.pages, own.pages, issuer.pages, imports.pages)
