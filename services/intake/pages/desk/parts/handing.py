"""What of the service is planned, who may take it for him, and what was handed over so far (`step.delivery`)."""

from collections.abc import Mapping
from typing import Any

from services.intake.domain.masks import masked
from services.intake.pages.desk.acts.handing import HANDED_OVER
from services.intake.pages.desk.on_desk import OnDesk
from services.intake.pages.desk.words import PROOFS
from services.intake.seats import FRONT, WHO_HANDS_OVER
from services.intake.store.deliveries import collectors_of, parts_of, plans_of
from shared.plumbing.seal import Erased


async def handing(desk: OnDesk) -> Mapping[str, Any] | None:
    """Shown to those who hand it over or audit; nothing before the registration, or where all was given at once."""
    if desk.who.role not in WHO_HANDS_OVER:
        return None
    case = desk.case
    plans, collectors = await plans_of(desk.session, case.id), await collectors_of(desk.session, case.id)
    parts = await parts_of(desk.session, case.id)
    open_ = case.status in HANDED_OVER and desk.who.role in FRONT
    if not (plans or collectors or parts or open_):
        return None
    return {
        "open": open_,
        "over": case.status not in HANDED_OVER,
        "plans": plans,
        "collectors": [
            {
                "name": one.name,
                "relation": one.relation,
                "national_id": one.national_id if isinstance(one.national_id, Erased) else masked(one.national_id),
                "proof": one.proof,
                "valid_until": one.valid_until,
                "revoked": one.revoked_at is not None,
            }
            for one in collectors
        ],
        "parts": [(one, desk.say(PROOFS[one.proof_kind])) for one in parts],
    }
