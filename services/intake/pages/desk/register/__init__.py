"""People's files at the desk: opened after a search, with household, mandates, benefits and duplicates."""

from services.intake.pages.desk.register import duplicates, file, given, household, new, reveal
from services.intake.pages.desk.register.acts import pages as acts

PAGES = (new.pages, file.pages, acts, reveal.pages, given.pages, household.pages, duplicates.pages)
