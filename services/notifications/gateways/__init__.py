"""The outside world: which gateway each medium goes through."""

from collections.abc import Mapping

from services.notifications.gateways.console import ConsoleGateway
from services.notifications.gateways.gateway import Gateway, GatewayDown, GatewayRefused
from services.notifications.gateways.http_sms import HttpSmsGateway
from services.notifications.gateways.smtp import SmtpGateway
from services.notifications.settings import NotificationsSettings
from shared.language.events import Medium
from shared.plumbing.clock import Clock
from shared.plumbing.database import Database

Gateways = Mapping[Medium, Gateway]

__all__ = ["Gateway", "GatewayDown", "GatewayRefused", "Gateways", "make_gateways"]


def make_gateways(settings: NotificationsSettings, *, database: Database, clock: Clock) -> Gateways:
    """The gateways that the settings choose."""
    console = ConsoleGateway(database, clock=clock)
    return {
        Medium.SMS: HttpSmsGateway(settings) if settings.sms == "http" else console,
        Medium.EMAIL: SmtpGateway(settings) if settings.email == "smtp" else console,
    }
