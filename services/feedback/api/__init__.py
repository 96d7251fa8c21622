"""Feedback over HTTP: JSON in, a use case, JSON out."""

from services.feedback.api import complaint_sheet, improvements, relations, satisfaction, surveys

ROUTERS = (surveys.router, relations.router, complaint_sheet.router, improvements.router, satisfaction.router)
