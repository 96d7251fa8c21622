"""First contacts at the desk: taken by their channel, called back, and made requests (`channel.*`)."""

from services.intake.pages.desk.contacts import lists, one, taking

PAGES = (lists.pages, taking.pages, one.pages)
"""The page to take a contact stands before that of one: its address would be read as a contact's number."""
