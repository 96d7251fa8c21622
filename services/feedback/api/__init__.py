"""Feedback over HTTP: JSON in, a use case, JSON out."""

from services.feedback.api import improvements, relations, satisfaction, surveys

ROUTERS = (surveys.router, relations.router, improvements.router, satisfaction.router)
