"""Whose words lie where: every table that names a person seals under his key, and whoever does not says why."""

import pytest

from athar.catalogue import SERVICES
from services.notifications.domain.consent import PURPOSES
from services.notifications.templates import FOLDER
from shared.plumbing.seal import PersonalColumn, SealedColumn

ABOUT_NOBODY = {
    ("feedback", "evaluations"): "one department's word about another",
    ("feedback", "improvements"): "an obstacle, not a person",
    ("intake", "texted_codes"): "the mobile of a member of the staff, for minutes",
    ("intake", "imports"): "a table of many people; its key and its file go with its end",
    ("intake", "tool_files"): "a document of the association's own",
    ("intake", "staff"): "whoever works here, not whoever asks for help",
    ("feedback", "survey_answers"): "a key would lead from the answer to who gave it",
}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_table_that_names_a_person_seals_his_words_under_his_key_alone(name: str) -> None:
    for table in SERVICES[name].tables.tables.values():
        kinds = {type(column.type) for column in table.c}
        if PersonalColumn.SUBJECT in table.c:
            assert SealedColumn not in kinds, f"{table.name} names a person, and seals under the installation's key"
            assert table.c[PersonalColumn.SUBJECT].primary_key or any(
                next(iter(index.columns)).name == PersonalColumn.SUBJECT for index in table.indexes
            ), f"{table.name} finds a person's rows by no index"
        else:
            assert PersonalColumn not in kinds, f"{table.name} does not say whose words it holds"
            assert SealedColumn not in kinds or (name, table.name) in ABOUT_NOBODY, table.name


def test_what_is_about_nobody_is_there() -> None:
    for name, table in ABOUT_NOBODY:
        assert table in SERVICES[name].tables.tables


def test_a_template_with_a_purpose_of_its_own_is_there() -> None:
    names = {path.name.split(".")[0] for path in FOLDER.glob("*.txt")}
    assert set(PURPOSES) <= names
