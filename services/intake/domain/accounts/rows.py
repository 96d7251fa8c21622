"""Whose the rows of accounts are: nobody's scope reaches them, for a sign-in asks before anyone has one."""

from shared.plumbing.scope import unscoped

NO_SCOPE = unscoped("asked at the sign-in, before anyone has a scope: each query names the association or the person")
