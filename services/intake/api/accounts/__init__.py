"""Accounts over HTTP: signing in, one's own account, the staff of an association, and the keys of the tokens."""

from services.intake.api.accounts import closed_branch, enrolment, keys, own, sign_in, staff

ROUTERS = (keys.router, sign_in.router, enrolment.router, own.router, staff.router, closed_branch.router)
