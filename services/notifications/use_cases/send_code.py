"""A code goes out by SMS: at once or, after its minutes, never. Nobody here keeps or shows it."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from string import Template

from sqlmodel.ext.asyncio.session import AsyncSession

from services.notifications.domain.letter import Letter, Receipt
from services.notifications.gateways import Gateway, GatewayDown, GatewayRefused
from services.notifications.gateways.console import ConsoleGateway
from services.notifications.timers import CodeDue
from services.notifications.use_cases.send_message import CALL_SECONDS
from shared.language.errors import PersonErased
from shared.language.events import ApplicantCodeMade, CodePurpose, Medium, SignInCodeMade
from shared.plumbing.clock import Clock
from shared.plumbing.listener import CallOut
from shared.plumbing.seal import unseal
from shared.plumbing.timers import set_timer
from shared.policy.adopted import pack_of

TEXT = Template("رمز الدخول إلى أثر: $code\nصالح 5 دقائق. لا تعطه أحدًا مهما قال.\n$association")
"""Its readers are staff, whose system speaks Arabic first; no link, and nothing that names a person."""

APPLICANTS = {
    (CodePurpose.FOLLOW, "ar"): Template("رمز متابعة طلبك: $code\nصالح 5 دقائق. لا تعطه أحدًا مهما قال.\n$association"),
    (CodePurpose.FOLLOW, "en"): Template(
        "Your code to follow your request: $code\nGood for 5 minutes. Give it to nobody.\n$association"
    ),
    (CodePurpose.ATTEST, "ar"): Template(
        "رمز توقيع الإقرار: $code\nصالح 5 دقائق. إدخاله توقيع منك على صحة بياناتك.\n$association"
    ),
    (CodePurpose.ATTEST, "en"): Template(
        "Your code to sign the declaration: $code\nGood for 5 minutes. Entering it signs for your data.\n$association"
    ),
}
"""An applicant's codes say what they are for: one who reads a code aloud must know what he gives away."""

log = logging.getLogger("athar.notifications")


async def send_code(event: SignInCodeMade, *, session: AsyncSession, now: datetime) -> None:
    """Have the code sent, once however often it is told: the timer has its name."""
    due = CodeDue(
        code_id=event.code_id,
        association_id=event.association_id,
        mobile=event.mobile,
        code=event.code,
        ends_at=event.ends_at,
    )
    await set_timer(session, due, due_at=now, now=now)


async def send_applicants_code(event: ApplicantCodeMade, *, session: AsyncSession, now: datetime) -> None:
    """As `send_code`, for somebody who follows his request or signs for its data."""
    due = CodeDue(
        code_id=event.code_id,
        association_id=event.association_id,
        mobile=event.mobile,
        code=event.code,
        ends_at=event.ends_at,
        purpose=event.purpose,
        language=event.language,
    )
    await set_timer(session, due, due_at=now, now=now)


@dataclass(frozen=True)
class Texting:
    """A code on its way, and until when it is worth a message."""

    letter: Letter
    ends_at: datetime


class SendCode:
    """Hands codes to the gateway for SMS. No quiet hour holds one back: whom it is for waits for it."""

    def __init__(self, gateways: Mapping[Medium, Gateway], *, clock: Clock) -> None:
        self._gateway = gateways[Medium.SMS]
        self._clock = clock
        self.callout = CallOut(self.prepare, self.call, self.record)

    async def prepare(self, due: CodeDue, _: AsyncSession) -> Texting | None:
        if self._clock.now() >= due.ends_at or isinstance(self._gateway, ConsoleGateway):
            # What a console keeps is read by others, and this opens somebody's account.
            return None
        try:
            mobile, code = unseal(due.mobile), unseal(due.code)
        except PersonErased:
            return None
        name = pack_of(due.association_id).association.name
        language = "en" if due.purpose and due.language == "en" else "ar"
        text = APPLICANTS[due.purpose, language] if due.purpose else TEXT
        letter = Letter(
            reference=due.code_id,
            medium=Medium.SMS,
            recipient=mobile,
            subject="",
            body=text.substitute(code=code, association=getattr(name, language)),
            queued_at=self._clock.now(),
        )
        return Texting(letter, due.ends_at)

    async def call(self, texting: Texting) -> Receipt | None:
        """Hand it over. Raises `GatewayDown` for the worker to try again, as long as the code is worth it."""
        try:
            async with asyncio.timeout(CALL_SECONDS):
                return await self._gateway.send(texting.letter)
        except GatewayRefused as refused:
            log.warning("a code was refused by the gateway: %s", refused)
        except (GatewayDown, TimeoutError) as down:
            if self._clock.now() < texting.ends_at:
                raise GatewayDown("timeout" if isinstance(down, TimeoutError) else str(down)) from None
        return None

    async def record(self, texting: Texting, receipt: Receipt | None, session: AsyncSession, now: datetime) -> None:
        """Nothing is kept of it: that the timer is done is enough."""
