"""What the doors of deliveries take and answer."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.intake.api.views import Body, Code, Line, Text, shown
from services.intake.domain.deliveries import ProofKind
from services.intake.domain.people import Digits


class NewPlan(Body):
    """When, where and what."""

    model_config = shown({"planned_for": "2026-12-06", "place": "مستودع الفرع", "what": "حقيبتان مدرسيتان"})

    planned_for: date
    place: Line
    what: Line


class CalledOff(Body):
    """Why."""

    model_config = shown({"reason": "طلب المستفيد موعدًا آخر."})

    reason: Text


class NewCollector(Body):
    """Who may take the service for the beneficiary, and by what."""

    model_config = shown(
        {
            "name": "سالم بن خالد الحربي",
            "national_id": "1000000008",
            "relation": "أخ",
            "proof": "وكالة شرعية رقم 448811",
            "valid_until": "2027-06-01",
        }
    )

    name: Line
    national_id: Digits
    relation: Line
    proof: Line
    valid_until: date | None = None


class ProofGiven(Body):
    """One way to show it: the code, a kept file of a signature or a photo, or the number of a written record."""

    kind: ProofKind
    code: Annotated[str, Field(max_length=20)] | None = None
    proof_id: Code | None = None
    note: Line | None = None


class NewPart(Body):
    """What was handed over at one time. `completes` where nothing is left to give."""

    model_config = shown(
        {
            "delivered_on": "2026-11-22",
            "what": "حقيبة مدرسية من اثنتين",
            "completes": False,
            "proof": {"kind": "paper", "note": "محضر رقم 12"},
        }
    )

    delivered_on: date
    what: Line
    completes: bool
    proof: ProofGiven
    collector_id: Code | None = None
    plan_id: Code | None = None


class PlanView(BaseModel):
    """A planned delivery."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    case_id: str
    planned_for: date
    place: str
    what: str
    planned_by: str
    called_off: str | None
    ended_at: datetime | None


class PlanPage(BaseModel):
    """A page of a day's deliveries; `next` is the `after` of the following page."""

    items: list[PlanView]
    next: str | None


class CollectorView(BaseModel):
    """Who may take it, his number masked."""

    id: str
    name: str
    national_id: str
    relation: str
    proof: str
    valid_until: date | None
    revoked_at: datetime | None


class ProofView(BaseModel):
    """A kept file of a signature or a photo."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    media_type: str
    size: int
    kept_at: datetime


class PartView(BaseModel):
    """What was handed over at one time."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    delivered_on: date
    what: str
    received_by: str
    collector_id: str | None
    plan_id: str | None
    proof_kind: ProofKind
    proof_note: str | None
    proof_id: str | None
    completes: bool
    delivered_by: str
    recorded_at: datetime


class DeliveryView(BaseModel):
    """All of a case's delivery: what is planned, who may take it, and what was handed over."""

    plans: list[PlanView]
    collectors: list[CollectorView]
    parts: list[PartView]


class GivenView(BaseModel):
    """That he was given a service, and when. Which case it was, its own branch alone is told."""

    service_id: str
    given_on: date
    whole: bool
    branch_id: str
    case_id: str | None


class GivenPage(BaseModel):
    """A page; `next` is the `after` of the following page."""

    items: list[GivenView]
    next: str | None
