"""What the form of a service asks, read answer by answer; and how the fields of a new request are called."""

from services.intake.domain.case import FormValue, check_form
from services.intake.pages.desk.fields import TEXT, Fields
from shared.language import errors
from shared.policy.pack import Service
from shared.ui import language_of

YES = "yes"
MOST = 10**15
"""As the API has it for a number in a form."""


def of_applicant(name: str) -> str:
    """As the refusals name it."""
    return f"applicant.{name}"


def of_form(name: str) -> str:
    return f"form.{name}"


def filled_in(fields: Fields, service: Service) -> dict[str, FormValue]:
    """The answers to the service's questions, each by its kind; what each lacks is said at its field."""
    filled: dict[str, FormValue] = {}
    for field in service.form:
        name = of_form(field.id)
        value: FormValue | None
        if field.kind == "integer":
            value = fields.whole(name, most=MOST)
        elif field.kind == "boolean":
            typed = fields.optional(name)
            value = None if typed is None else typed == YES
        else:
            value = fields.optional(name, longest=TEXT)
        if value is not None:
            filled[field.id] = value
        alone = service.model_copy(update={"form": (field,)})
        try:
            # The very rule by which it is handed in, asked of one question at a time.
            check_form({field.id: value} if value is not None else {}, service=alone)
        except errors.FormIncomplete as refusal:
            fields.errors.setdefault(name, refusal.sentence(language_of(fields.request).value))
    return filled
