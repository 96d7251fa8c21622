"""The four services, by name."""

from services.feedback.main import FEEDBACK
from services.intake.main import INTAKE
from services.notifications.main import NOTIFICATIONS
from services.research.main import RESEARCH
from shared.plumbing.service import Service

SERVICES: dict[str, Service] = {
    service.source.value: service for service in (INTAKE, RESEARCH, NOTIFICATIONS, FEEDBACK)
}
