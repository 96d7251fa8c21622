"""Tokens: made with the one private key, read with the public halves, for one seat of one association."""

from datetime import timedelta
from pathlib import Path

import pytest

from shared.language.errors import ForeignBranch, TokenExpired, TokenForged
from shared.language.roles import BRANCH_ROLES, Role
from shared.plumbing.identity import Principal, Verifier, issue_token, load_signing_key, make_signing_key, public_keys
from tests.harness.desk import NOON

HOUR = timedelta(hours=1)
DELEGATE = Principal(association_id="jamoum", person_id="p-1", role=Role.DELEGATE, branch_id="north")


def test_a_token_names_the_person_the_seat_and_the_association() -> None:
    key = make_signing_key()
    token = issue_token(DELEGATE, key=key, now=NOON, lasts=HOUR)
    assert Verifier(public_keys(key)).principal(token, now=NOON) == DELEGATE


def test_a_token_of_a_key_that_is_not_in_the_set_is_refused() -> None:
    ours, theirs = make_signing_key(), make_signing_key()
    token = issue_token(DELEGATE, key=theirs, now=NOON, lasts=HOUR)
    with pytest.raises(TokenForged):
        Verifier(public_keys(ours)).principal(token, now=NOON)


def test_tokens_of_an_older_and_a_newer_key_both_open_while_both_are_in_the_set() -> None:
    older, newer = make_signing_key(), make_signing_key()
    verifier = Verifier(public_keys(newer, older))
    for key in (older, newer):
        token = issue_token(DELEGATE, key=key, now=NOON, lasts=HOUR)
        assert verifier.principal(token, now=NOON) == DELEGATE


def test_a_token_of_a_key_that_was_taken_out_of_the_set_is_refused() -> None:
    older, newer = make_signing_key(), make_signing_key()
    token = issue_token(DELEGATE, key=older, now=NOON, lasts=HOUR)
    with pytest.raises(TokenForged):
        Verifier(public_keys(newer)).principal(token, now=NOON)


def test_a_token_ends_to_the_second() -> None:
    key = make_signing_key()
    token = issue_token(DELEGATE, key=key, now=NOON, lasts=HOUR)
    verifier = Verifier(public_keys(key))
    assert verifier.principal(token, now=NOON + HOUR - timedelta(seconds=1)) == DELEGATE
    with pytest.raises(TokenExpired):
        verifier.principal(token, now=NOON + HOUR)


def test_the_public_keys_hold_nothing_to_sign_with(tmp_path: Path) -> None:
    key = make_signing_key()
    assert [set(public) & {"d", "k"} for public in public_keys(key)["keys"]] == [set()]
    file = tmp_path / "key.json"
    file.write_text(str(key.as_dict(private=True)).replace("'", '"'))
    token = issue_token(DELEGATE, key=load_signing_key(file), now=NOON, lasts=HOUR)
    assert Verifier(public_keys(key)).principal(token, now=NOON) == DELEGATE


@pytest.mark.parametrize("role", Role)
def test_a_branch_role_reaches_its_own_branch_alone_and_any_other_role_every_branch(role: Role) -> None:
    scope = DELEGATE.model_copy(update={"role": role}).scope
    scope.check_branch("north")
    if role in BRANCH_ROLES:
        with pytest.raises(ForeignBranch):
            scope.check_branch("south")
    else:
        scope.check_branch("south")


@pytest.mark.parametrize("role", sorted(BRANCH_ROLES))
def test_a_branch_role_without_a_branch_reaches_none(role: Role) -> None:
    scope = Principal(association_id="jamoum", person_id="p-1", role=role).scope
    assert scope.branch_id is not None
    with pytest.raises(ForeignBranch):
        scope.check_branch("north")
