"""Before the service is handed over: when and where, who may take it for him, and the code that shows it."""

from collections.abc import Mapping
from typing import Any

from services.intake.pages.desk.acts.act import Act, Sent
from services.intake.pages.desk.fields import TEXT
from services.intake.pages.desk.on_desk import OnDesk
from services.intake.pages.desk.register.said import digits_of
from services.intake.store.deliveries import collectors_of, plans_of
from services.intake.use_cases.plan_delivery import (
    AuthoriseCollector,
    CallOffDelivery,
    OfCase,
    PlanDelivery,
    authorise,
    call_off,
    make_code,
    plan,
    revoke_collector,
)
from shared.language import errors
from shared.language import events as e
from shared.language.calendar import short_day
from shared.language.case_lifecycle import CaseStatus
from shared.ui.bidi import isolated
from shared.ui.language import mark

HANDED_OVER = frozenset({CaseStatus.REGISTERED})


async def _plan(sent: Sent) -> str:
    fields = sent.fields
    day, place, what = fields.day("planned_for"), fields.text("place"), fields.text("what")
    fields.check()
    command = PlanDelivery(case_id=sent.case_id, planned_for=day, place=place, what=what, by=sent.who)
    await plan(command, session=sent.session, now=sent.now)
    return ""


PLAN = Act(
    path="plan",
    words=mark("Plan a delivery"),
    done=mark("The delivery is planned, and the beneficiary is told."),
    icon="calendar-days",
    summary="Plan a delivery on a page; the beneficiary is told",
    stands_in=HANDED_OVER,
    do=_plan,
)


async def open_plans(desk: OnDesk) -> list[tuple[str, str]]:
    """What is planned and was neither carried out nor called off, as choices."""
    plans = await plans_of(desk.session, desk.case.id)
    return [
        (one.id, f"{short_day(one.planned_for, language=desk.language.value)} · {isolated(one.what)}")
        for one in plans
        if one.ended_at is None
    ]


async def _plans(desk: OnDesk) -> Mapping[str, Any]:
    return {"plans": await open_plans(desk)}


async def _call_off(sent: Sent) -> str:
    fields = sent.fields
    planned, reason = fields.text("plan_id"), fields.text("reason", longest=TEXT)
    fields.check()
    command = CallOffDelivery(case_id=sent.case_id, plan_id=planned, reason=reason, by=sent.who)
    await call_off(command, session=sent.session, now=sent.now)
    return ""


CALLING_OFF = Act(
    path="calling-off",
    words=mark("Call a delivery off"),
    done=mark("The delivery is called off."),
    icon="calendar-x",
    summary="Call a planned delivery off on a page",
    stands_in=HANDED_OVER,
    do=_call_off,
    facts=_plans,
    refusals=(errors.PlanNotFound, errors.PlanOver),
    beside="plan_id",
    aside=True,
)


async def _authorise(sent: Sent) -> str:
    fields = sent.fields
    name, number = fields.text("name"), fields.text("national_id")
    relation, proof = fields.text("relation"), fields.text("proof")
    until = fields.optional_day("valid_until")
    fields.check()
    command = AuthoriseCollector(
        case_id=sent.case_id,
        name=name,
        national_id=digits_of(number),
        relation=relation,
        proof=proof,
        valid_until=until,
        by=sent.who,
    )
    try:
        await authorise(command, session=sent.session, now=sent.now)
    except errors.NationalIdWrong:
        raise errors.NationalIdWrong(field="national_id") from None
    return ""


COLLECTOR = Act(
    path="collectors",
    words=mark("Note who may take it for him"),
    done=mark("Who may take it for him is noted."),
    icon="users",
    summary="Note on a page who may take the service for him",
    moves=e.DeliveryPlanned,
    do=_authorise,
    refusals=(errors.NationalIdWrong,),
    aside=True,
)


async def valid_collectors(desk: OnDesk) -> list[tuple[str, str]]:
    """Who may take it for him, as choices."""
    rows = await collectors_of(desk.session, desk.case.id)
    return [(one.id, f"{isolated(one.name)} · {isolated(one.relation)}") for one in rows if one.revoked_at is None]


async def _collectors(desk: OnDesk) -> Mapping[str, Any]:
    return {"collectors": await valid_collectors(desk)}


async def _revoke(sent: Sent) -> str:
    collector = sent.fields.text("collector_id")
    sent.fields.check()
    command = OfCase(case_id=sent.case_id, by=sent.who)
    await revoke_collector(collector, command, session=sent.session, now=sent.now)
    return ""


COLLECTOR_REVOCATION = Act(
    path="collector-revocation",
    words=mark("He may take it no longer"),
    done=mark("He may take it no longer; it is noted."),
    icon="user-x",
    summary="Say on a page that somebody may take the service for him no longer",
    stands_in=HANDED_OVER,
    do=_revoke,
    facts=_collectors,
    refusals=(errors.CollectorNotFound,),
    beside="collector_id",
    aside=True,
)


async def _send_code(sent: Sent) -> str:
    await make_code(OfCase(case_id=sent.case_id, by=sent.who), session=sent.session, now=sent.now)
    return "/parts"


CODE = Act(
    path="delivery-code",
    words=mark("Send him a code to receive by"),
    done=mark("The code is on its way to his mobile. He tells it when he receives the service."),
    icon="message-square-lock",
    summary="Send the beneficiary a code to receive by, from its page",
    stands_in=HANDED_OVER,
    do=_send_code,
    refusals=(errors.TooManyRequests,),
    aside=True,
)
