"""The pages of whoever asks for help: the form of a service, following one's own request, signing for its data."""

from services.intake.pages.public import ask, attest, follow

PAGES = (follow.pages, attest.pages, ask.pages)
