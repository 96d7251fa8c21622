"""Notifications: what the applicant is told, by SMS and e-mail, and what became of each message."""

from services.notifications import message_sheet, personal_api
from services.notifications.api import router
from services.notifications.consumers import make_listener
from services.notifications.domain.base import NotificationsTable
from services.notifications.pages import pages
from services.notifications.settings import NotificationsSettings
from shared.language.events import Source
from shared.plumbing.service import Service
from shared.ui import dress

NOTIFICATIONS = Service(
    source=Source.NOTIFICATIONS,
    title="notifications",
    api=(router, message_sheet.router, personal_api.router),
    pages=(pages,),
    make_listener=make_listener,
    tables=NotificationsTable.metadata,
    settings=NotificationsSettings,
    dress=dress,
)
