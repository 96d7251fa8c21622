"""The form of a service is filled in as its pack asks (`eligibility.form`)."""

from typing import Any

import pytest

from services.intake.domain.case import check_form
from shared.language.clauses import Clause
from shared.language.errors import FormIncomplete
from shared.policy.adopted import pack_of
from shared.policy.pack import FormField, Service, Words

QUESTIONS = ("text", "integer", "boolean")


def service(*, required: bool = True) -> Service:
    """A service that asks a question of each kind."""
    fields = [
        FormField(id=kind, name=Words(ar=f"سؤال {kind}", en=f"Question {kind}"), kind=kind, required=required)
        for kind in QUESTIONS
    ]
    return pack_of("jamoum-orphans").services[0].model_copy(update={"form": tuple(fields)})


FILLED = {"text": "حاجة", "integer": 4, "boolean": False}


def refused_field(form: dict[str, Any], *, required: bool = True) -> str | None:
    try:
        check_form(form, service=service(required=required))
    except FormIncomplete as refused:
        return refused.field if refused.clause is Clause.ELIGIBILITY_FORM else f"no clause at {refused.field}"
    return None


def test_a_form_with_every_answer_is_taken() -> None:
    assert refused_field(FILLED) is None
    assert refused_field(FILLED | {"integer": 0}) is None


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_required_question_without_an_answer_is_named(question: str) -> None:
    assert refused_field({name: answer for name, answer in FILLED.items() if name != question}) == f"form.{question}"
    assert refused_field(FILLED | {question: ""}) == f"form.{question}"


@pytest.mark.parametrize(
    ("question", "answer"),
    [("text", 4), ("text", True), ("integer", "4"), ("integer", True), ("boolean", "yes"), ("boolean", 1)],
)
def test_an_answer_of_another_kind_is_named(question: str, answer: Any) -> None:
    assert refused_field(FILLED | {question: answer}) == f"form.{question}"
    assert refused_field({question: answer}, required=False) == f"form.{question}"


def test_an_optional_question_may_stay_open() -> None:
    assert refused_field({}, required=False) is None
    assert refused_field(dict.fromkeys(QUESTIONS, ""), required=False) is None


def test_an_answer_that_nobody_asked_for_is_named() -> None:
    assert refused_field(FILLED | {"income": 4000}) == "form.income"


def test_a_refusal_names_the_question_in_the_language_of_its_sentence() -> None:
    with pytest.raises(FormIncomplete) as refused:
        check_form({}, service=service())
    assert "سؤال text" in refused.value.sentence("ar")
    assert "Question text" not in refused.value.sentence("ar")
    assert "Question text" in refused.value.sentence("en")
