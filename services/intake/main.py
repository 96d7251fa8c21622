"""Intake: the branch's desk. Beneficiaries, requests, documents, attestations, delivery, and the case file."""

from services.intake.api import ROUTERS
from services.intake.consumers import make_listener
from services.intake.domain.base import IntakeTable
from services.intake.pages import PAGES
from services.intake.settings import IntakeSettings
from services.intake.use_cases.keep_file import sweep_files
from shared.language.events import Source
from shared.plumbing.service import Service
from shared.ui import dress

INTAKE = Service(
    source=Source.INTAKE,
    title="intake",
    api=ROUTERS,
    pages=PAGES,
    make_listener=make_listener,
    tables=IntakeTable.metadata,
    settings=IntakeSettings,
    sweep=sweep_files,
    dress=dress,
)
