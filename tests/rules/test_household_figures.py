"""What follows from a household's lines: the figures of the social research's report."""

from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError

from services.intake.domain.register.household import Figures, HouseholdStatement, Means, follow
from services.intake.domain.register.mandates import Capacity, Deed, Mandate
from shared.language import errors
from tests.harness.desk import NOON

MEANS = Means.model_validate(
    {
        "incomes": [{"kind": "pension", "monthly": "2400.00"}, {"kind": "social_security", "monthly": "1100.10"}],
        "obligations": [{"kind": "electricity_and_water", "monthly": "310.05"}],
        "debts": [{"creditor": "بنك", "left": "18000", "instalment": "600", "overdue": "1200"}],
    }
)


def test_a_share_is_what_is_left_a_head() -> None:
    assert MEANS.figures(heads=4) == Figures(
        heads=4,
        income=Decimal("3500.10"),
        obligations=Decimal("310.05"),
        instalments=Decimal("600.00"),
        net=Decimal("2590.05"),
        share=Decimal("647.51"),
        owed=Decimal("18000.00"),
        overdue=Decimal("1200.00"),
    )


def test_who_owes_more_than_comes_in_has_less_than_nothing() -> None:
    means = Means.model_validate({"obligations": [{"kind": "rent", "monthly": "1000"}]})
    assert means.figures(heads=2).share == Decimal("-500.00")


def test_a_household_that_stated_nothing_has_nothing() -> None:
    assert Means().figures(heads=1).net == Decimal(0)


@pytest.mark.parametrize("amount", ["-1", "0.001", "NaN", "Infinity", "1000000000"])
def test_what_is_no_sum_of_riyals_is_refused(amount: str) -> None:
    with pytest.raises(ValidationError):
        Means.model_validate({"incomes": [{"kind": "salary", "monthly": amount}]})


def statement(number: int) -> HouseholdStatement:
    return HouseholdStatement(
        association_id="a", household_id="h", subject_id="s", number=number, said="{}", stated_by="d", stated_at=NOON
    )


def test_a_statement_follows_the_one_that_was_seen() -> None:
    assert follow(None, seen=0) == 1
    assert follow(statement(3), seen=3) == 4
    with pytest.raises(errors.ChangedMeanwhile):
        follow(statement(3), seen=2)


def mandate(**changes: object) -> Mandate:
    usual: dict[str, object] = {
        "association_id": "a",
        "subject_id": "child",
        "agent_id": "uncle",
        "capacity": Capacity.GUARDIAN,
        "deeds": [Deed.ASK.value, Deed.COLLECT.value],
        "valid_from": date(2026, 1, 1),
        "valid_until": date(2026, 12, 31),
        "noted_by": "d",
        "noted_at": NOON,
    }
    return Mandate(**(usual | changes))


@pytest.mark.parametrize(
    ("deed", "on", "may"),
    [
        (Deed.ASK, date(2026, 1, 1), True),
        (Deed.COLLECT, date(2026, 12, 31), True),
        (Deed.ASK, date(2025, 12, 31), False),
        (Deed.ASK, date(2027, 1, 1), False),
        (Deed.ATTEST, date(2026, 6, 1), False),
    ],
)
def test_who_acts_for_another_does_so_in_what_and_when_it_was_given(deed: Deed, on: date, *, may: bool) -> None:
    assert mandate().holds(deed, on=on) is may


def test_nobody_is_his_own_guardian_and_no_period_ends_before_it_begins() -> None:
    with pytest.raises(errors.ActsForHimself):
        mandate(agent_id="child").check()
    with pytest.raises(errors.DaysOutOfOrder):
        mandate(valid_until=date(2025, 1, 1)).check()
    with pytest.raises(errors.DaysOutOfOrder):
        mandate().end(on=date(2025, 1, 1), reason="x", by="d")
