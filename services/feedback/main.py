"""Feedback: whoever came to an end is asked how it was; complaints and suggestions are heard, and things get better."""

from services.feedback.api import ROUTERS
from services.feedback.consumers import make_listener
from services.feedback.domain.base import FeedbackTable
from services.feedback.pages import PAGES
from services.feedback.settings import FeedbackSettings
from shared.language.events import Source
from shared.plumbing.service import Service
from shared.ui import dress

FEEDBACK = Service(
    source=Source.FEEDBACK,
    title="feedback",
    api=ROUTERS,
    pages=PAGES,
    make_listener=make_listener,
    tables=FeedbackTable.metadata,
    settings=FeedbackSettings,
    dress=dress,
)
