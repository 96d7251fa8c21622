"""People's files, their households, who may act for them, and duplicates."""

from services.intake.api.register import duplicates, files, households

ROUTERS = (files.router, households.router, duplicates.router)
