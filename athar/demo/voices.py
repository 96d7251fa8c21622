"""Those whom the association serves, and the others that its policy names, say how it was."""

import re
from dataclasses import dataclass
from datetime import timedelta

from athar.demo.office import Office, Unexpected
from athar.demo.walkers import Walker
from shared.language.calendar import riyadh_day
from shared.language.roles import Role
from shared.plumbing.clock import Clock

FEEDBACK = "/feedback/api/v1"
MESSAGES = "/notifications/api/v1/messages"
CODE = re.compile(r"(?<![\w@.-])[0-9A-Za-z]{11}(?![\w@.-])")


@dataclass
class Voices:
    """Beneficiaries, supporters, volunteers and others of one association."""

    office: Office
    clock: Clock

    async def answer_survey(self, walker: Walker) -> None:
        """He types the code that his phone shows: here, the text that the gateway was given."""
        operator = Role.NOTIFICATIONS_OPERATOR
        page = await self.office.until(
            f"the survey of {walker.reference}",
            f"{MESSAGES}?case_id={walker.case_id}&limit=200",
            lambda page: any(m["template"] == "survey_invited" and m["status"] == "sent" for m in page["items"]),
            role=operator,
        )
        invited = next(message for message in page["items"] if message["template"] == "survey_invited")
        text = await self.office.get(f"{MESSAGES}/{invited['id']}", role=operator)
        code = CODE.search(text["body"])
        if code is None:
            raise Unexpected(f"{walker.reference}: the invitation has no code")
        survey = {"overall": 5, "ease": 4, "impression": 5, "respect": 5, "speed": 4, "comment": "جزاكم الله خيرًا"}
        await self.office.post(f"{FEEDBACK}/public/surveys/{code.group()}", survey, role=None)

    async def speak(self) -> None:
        """Suggestions of other parties, a complaint and its answer, an evaluation inside the house, an improvement."""
        quality = Role.QUALITY_OFFICER
        for party in ("supporter", "volunteer", "other"):
            said = {"party": party, "subject": "مواعيد الاستقبال", "text": "اقتراح بفتح فترة مسائية"}
            await self.office.post(f"{FEEDBACK}/suggestions", said, role=quality)
        said = {"party": "beneficiary", "subject": "تأخر الرد على الهاتف", "text": "انتظرت طويلًا"}
        complaint = await self.office.post(f"{FEEDBACK}/complaints", said, role=quality)
        answer = {"answer": "زيد عدد الموظفين"}
        await self.office.post(f"{FEEDBACK}/complaints/{complaint['id']}/resolution", answer, role=quality)

        first, second, *_ = [department.id for department in self.office.pack.departments]
        evaluation = {"department_id": first, "by_department_id": second, "overall": 4, "note": "تعاون جيد"}
        await self.office.post(f"{FEEDBACK}/evaluations", evaluation, role=Role.INTAKE_OFFICER)

        due_on = riyadh_day(self.clock.now()) + timedelta(days=30)
        obstacle = {"title": "خط هاتف ثانٍ", "found_by": "complaint", "owner": "quality-1", "due_on": due_on.isoformat()}
        improvement = await self.office.post(f"{FEEDBACK}/improvements", obstacle, role=quality)
        result = {"result": "شُغّل الخط"}
        await self.office.post(f"{FEEDBACK}/improvements/{improvement['id']}/completion", result, role=quality)
