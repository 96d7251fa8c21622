"""What a form of the desk sent, read field by field; what is wrong is told all at once."""

from collections.abc import Collection
from datetime import date

from fastapi import Request

from services.intake.pages.desk.again import FieldsWrong, typed
from services.intake.pages.step import LOOK, REQUIRED
from shared.ui.forms import Form, day_in, western
from shared.ui.language import mark

LINE, TEXT = 200, 4000
"""As long as the API lets a line and a text be."""
SHORTEST_REASON, LONGEST_REASON = 3, 1000
TOO_SHORT = mark("Say the reason in a few words.")
TOO_LONG = mark("This is too long. Write it in fewer words.")
NO_NUMBER = mark("Write a whole number, in digits.")
NO_DAY = mark("This is no day. Write day, month and year in numbers.")
NOT_OFFERED = mark("Choose one of these.")
MISSING = {
    "applicant.national_id": mark("Write the national id or residence number."),
    "applicant.name": mark("Write the full name."),
    "channel": mark("Choose how he came to us."),
    "service_id": mark("Choose the service."),
    "kind": mark("Choose the paper."),
    "issued_on": mark("Write the day on which it was issued."),
    "question": mark("Write the question."),
    "answer": mark("Write the answer."),
    "signed_name": mark("Write the applicant's full name, as he signs."),
    "delivered_on": mark("Write the day of the delivery."),
    "received_by": mark("Write who received it."),
    "proof": mark("Write what shows the delivery."),
    "useful": mark("Choose whether the service helped."),
    "note": mark("Write what the service did."),
    "grounds": mark("Write on what grounds he asks again."),
    "fields": mark("Choose what has to be seen."),
    "reason": mark("Write the reason."),
    "filter_name": mark("Write the name of the filter."),
    "dated": mark("Write the date of the letter."),
    "subject": mark("Write the subject of the letter."),
    "correspondent": mark("Write from whom the letter is, or to whom."),
    "words": mark("Write what was said."),
    "document_id": mark("Choose the paper that serves again."),
    "agreed": mark("Choose who agreed that it serves again."),
    "agreed_name": mark("Write the name of who agreed."),
    "national_id": mark("Write the national id or residence number."),
    "name": mark("Write the full name."),
    "kinship": mark("Choose what he is to the head of the household."),
    "member_id": mark("Choose who lives there no longer."),
    "on": mark("Write the last day."),
    "agent_national_id": mark("Write the number of who acts for him."),
    "capacity": mark("Choose as what he acts."),
    "deeds": mark("Choose what he may do."),
    "mandate_id": mark("Choose who acts for him no longer."),
    "housing.dwelling": mark("Choose the kind of dwelling."),
    "housing.tenure": mark("Choose how the dwelling is held."),
    "housing.repair": mark("Choose the state of the dwelling."),
    "housing.rooms": mark("Write how many rooms there are."),
    "planned_for": mark("Write the day for which it is planned."),
    "place": mark("Write where it is handed over."),
    "what": mark("Write what is handed over."),
    "plan_id": mark("Choose the planned delivery."),
    "relation": mark("Write what he is to the beneficiary."),
    "collector_id": mark("Choose who may take it no longer."),
    "completes": mark("Choose whether anything is left to give."),
    "code": mark("Write the code that he was sent."),
    "proof_id": mark("Choose the picture that shows it; send it first."),
    "case_ids": mark("Choose the files."),
    "keeper": mark("Choose who keeps them from now on."),
    "person_id": mark("Choose who keeps it."),
    "seat_ids": mark("Choose whose seat."),
    "become": mark("Choose what becomes of the seats."),
    "branch_id": mark("Choose the branch that closes."),
    "to_branch": mark("Choose where its files go."),
}
"""What is said of a field that was left empty: in the summary on top it has to say which one."""


class Fields:
    """The fields of one form. Read them all, then `check`."""

    def __init__(self, request: Request, body: bytes) -> None:
        self.request = request
        self.values = typed(body)
        self.errors: dict[str, str] = {}
        self._form = Form(self.values)

    def say(self, name: str, words: str) -> None:
        """Note what is wrong with a field; the first word about it stands."""
        self.errors.setdefault(name, LOOK.say(self.request, words))

    def needed(self, name: str) -> None:
        """Note that a field was left empty."""
        self.say(name, MISSING.get(name, REQUIRED))

    def check(self) -> None:
        """Raises `FieldsWrong`."""
        if self.errors:
            raise FieldsWrong(self.errors)

    def optional(self, name: str, *, longest: int = LINE) -> str | None:
        """What was typed; `None` for nothing."""
        value = self._form.value(name).strip()
        if len(value) > longest:
            self.say(name, TOO_LONG)
        return value or None

    def text(self, name: str, *, longest: int = LINE) -> str:
        value = self.optional(name, longest=longest)
        if value is None:
            self.needed(name)
        return value or ""

    def reason(self, name: str = "reason") -> str:
        """Why it is done, in so many words as the API wants of a reason."""
        if not (value := self.optional_reason(name) or ""):
            self.needed(name)
        return value

    def optional_reason(self, name: str) -> str | None:
        value = self.optional(name, longest=LONGEST_REASON)
        if value is not None and len(value) < SHORTEST_REASON:
            self.say(name, TOO_SHORT)
        return value

    def choice(self, name: str, among: Collection[str]) -> str:
        value = self._form.value(name)
        if not value:
            self.needed(name)
        elif value not in among:
            self.say(name, NOT_OFFERED)
        return value

    def chosen(self, name: str) -> frozenset[str]:
        return self._form.chosen(name) - {""}

    def whole(self, name: str, *, most: int) -> int | None:
        """A whole number from nothing to `most`; `None` where nothing was typed."""
        value = western(self._form.value(name)).strip()
        if not value:
            return None
        if not (value.isascii() and value.isdigit() and len(value) <= len(str(most)) and int(value) <= most):
            self.say(name, NO_NUMBER)
            return None
        return int(value)

    def optional_day(self, name: str) -> date | None:
        try:
            return day_in(self.values, name)
        except ValueError:
            self.say(name, NO_DAY)
            return None

    def day(self, name: str) -> date:
        """The day; where there is none, one that nobody looks at, for `check` refuses the form."""
        day = self.optional_day(name)
        if day is None:
            self.needed(name)
        return day or date.min
