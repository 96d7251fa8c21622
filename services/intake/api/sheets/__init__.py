"""The desk's lists as tables for a spreadsheet: each the same query, the same scope and the same things as its list."""

from services.intake.api.sheets import branch, cases, contacts, duplicates, office, rights

ROUTERS = (cases.router, rights.router, contacts.router, branch.router, duplicates.router, office.router)
