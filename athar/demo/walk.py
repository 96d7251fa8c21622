"""The walk of one association's cases, phase by phase; the clock is moved between the phases."""

from athar.demo.body import Body
from athar.demo.desk import Desk
from athar.demo.office import Office, Unexpected
from athar.demo.voices import Voices
from athar.demo.walkers import CASES, Fate, Refusals, Walker, each, walkers_of
from shared.language.roles import Role
from shared.plumbing.clock import Clock

VERDICTS = {Fate.REJECTED: "rejected", Fate.APPEALED: "rejected", Fate.RETURNED: "returned"}
OTHER_MEMBERS = 10


class Walk:
    """All cases of one association."""

    def __init__(self, office: Office, clock: Clock) -> None:
        self.office = office
        self.walkers = walkers_of(office.pack)
        self.refusals = Refusals(office)
        self._desk = Desk(office, clock, self.refusals)
        self._body = Body(office, self.refusals)
        self._voices = Voices(office, clock)

    def of(self, *fates: Fate) -> list[Walker]:
        return [walker for walker in self.walkers if walker.fate in fates]

    async def open(self) -> None:
        """Every request from its first contact to the referral."""
        await self._desk.lay_out()
        await self._desk.try_other_channels()
        await each(self._desk.receive(walker) for walker in self.walkers)
        await each(self._desk.bring_up(walker) for walker in self.walkers)

    async def decide(self) -> None:
        """The body studies and decides. What it returns is completed and goes up again on the same day."""
        await each(self._body.study(walker) for walker in self.walkers)
        await each(self._decide_or_withdraw(walker) for walker in self.walkers)
        await each(self._bring_up_again(walker) for walker in self.of(Fate.RETURNED))

    async def nothing_told_early(self) -> None:
        """Raises `Unexpected` when an answer has left before its day."""
        if self.office.pack.reply_floor_days:
            told = await self.office.get(f"{CASES}?status=answered", role=Role.AUDITOR)
            if told["items"]:
                raise Unexpected(f"{told['items'][0]['reference']} was answered before its day")

    async def answers(self, *fates: Fate) -> None:
        """The held answers have gone out."""
        await each(self._desk.status(walker, "answered") for walker in self.of(*fates))

    async def appeal(self) -> None:
        """The rejected applicant asks again; others than those who rejected him decide."""
        for walker in self.of(Fate.APPEALED):
            grounds = {"grounds": "تغيرت حالتي بعد الطلب الأول"}
            await self.office.post(f"{CASES}/{walker.case_id}/appeal", grounds, role=walker.front)
            await self._body.study(walker, round_=2)
            await self._body.try_same_member(walker)
            await self._body.decide(walker, "accepted", first_member=OTHER_MEMBERS)

    async def serve(self) -> None:
        """Accepted cases are registered and delivered; rejected ones are closed."""
        for walker in self.of(Fate.REJECTED):
            await self.office.post(f"{CASES}/{walker.case_id}/closing", role=walker.front)
        await each(self._desk.serve(walker) for walker in self._accepted())

    async def follow_up(self) -> None:
        """What each service did is asked for, written down, and the file closed."""
        await each(self._desk.follow_up(walker) for walker in self._accepted())

    async def hear(self) -> None:
        """Everybody whose case ended says how it was; other parties speak too; obstacles are removed."""
        await each(self._voices.answer_survey(walker) for walker in self.walkers)
        await self._voices.speak()

    def _accepted(self) -> list[Walker]:
        return self.of(Fate.SERVED, Fate.CLARIFIED, Fate.RETURNED, Fate.APPEALED)

    async def _decide_or_withdraw(self, walker: Walker) -> None:
        held = self.office.pack.reply_floor_days > 0
        if walker.fate is not Fate.WITHDRAWN or held:
            await self._body.decide(walker, VERDICTS.get(walker.fate, "accepted"))
        if walker.fate is Fate.WITHDRAWN:
            # Where a floor holds the answer he takes his request back after the decision, and never hears of it.
            await self._desk.status(walker, "decided" if held else "referred")
            await self.office.post(f"{CASES}/{walker.case_id}/withdrawal", role=walker.front)

    async def _bring_up_again(self, walker: Walker) -> None:
        await self._desk.status(walker, "incomplete")
        await self._desk.papers(walker)
        await self._desk.send_up(walker)
        await self._body.study(walker, round_=2)
        await self._body.decide(walker, "accepted", first_member=OTHER_MEMBERS)
