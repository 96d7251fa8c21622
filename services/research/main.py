"""Research: studies, the reviewing body, its decision, and the answer that is held until its day."""

from services.research import review_sheet
from services.research.api import router
from services.research.consumers import make_listener
from services.research.domain import ResearchTable
from services.research.settings import ResearchSettings
from shared.language.events import Source
from shared.plumbing.service import Service
from shared.ui import dress

RESEARCH = Service(
    source=Source.RESEARCH,
    title="research",
    api=(router, review_sheet.router),
    make_listener=make_listener,
    tables=ResearchTable.metadata,
    settings=ResearchSettings,
    dress=dress,
)
