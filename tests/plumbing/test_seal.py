"""Sealing: what names a person is unreadable without the keys, and keys change without losing anything."""

from collections.abc import Iterator

import pytest
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, text

from shared.plumbing.seal import RING, KeyRing, SealedColumn, seal, unseal
from tests.harness.desk import SEAL_KEY
from tests.plumbing.bench import fact

NAME = "حصة العتيبي"


def new_key() -> str:
    return Fernet.generate_key().decode()


def ring_of(*keys: str) -> KeyRing:
    ring = KeyRing()
    ring.hold(keys)
    return ring


@pytest.fixture
def held() -> Iterator[KeyRing]:
    """The process's own key ring, with the tests' key."""
    RING.hold([SEAL_KEY])
    yield RING
    RING.hold([SEAL_KEY])


def test_what_is_sealed_shows_nothing_and_opens_again() -> None:
    ring = ring_of(new_key())
    sealed = ring.seal(NAME)
    assert NAME not in sealed
    assert ring.seal(NAME) != sealed
    assert ring.open(sealed) == NAME


def test_what_an_older_key_sealed_still_opens_after_a_rotation() -> None:
    older, newer = new_key(), new_key()
    sealed = ring_of(older).seal(NAME)
    assert ring_of(newer, older).open(sealed) == NAME


def test_after_a_rotation_the_new_key_seals() -> None:
    older, newer = new_key(), new_key()
    sealed = ring_of(newer, older).seal(NAME)
    assert ring_of(newer).open(sealed) == NAME
    with pytest.raises(InvalidToken):
        ring_of(older).open(sealed)


def test_a_person_is_found_by_the_same_index_after_a_rotation() -> None:
    older, newer, newest = new_key(), new_key(), new_key()
    index = ring_of(older).index(NAME)
    assert ring_of(newer, older).index(NAME) == ring_of(newest, newer, older).index(NAME) == index
    assert ring_of(newer).index(NAME) != index


def test_an_index_says_nothing_to_whoever_lacks_the_key() -> None:
    assert ring_of(new_key()).index(NAME) != ring_of(new_key()).index(NAME)


def test_a_foreign_key_opens_nothing() -> None:
    sealed = ring_of(new_key()).seal(NAME)
    with pytest.raises(InvalidToken):
        ring_of(new_key()).open(sealed)


def test_a_sealed_text_that_was_changed_does_not_open() -> None:
    ring = ring_of(new_key())
    sealed = ring.seal(NAME)
    changed = sealed[:-9] + ("A" if sealed[-9] != "A" else "B") + sealed[-8:]
    with pytest.raises(InvalidToken):
        ring.open(changed)


def test_a_ring_without_keys_neither_seals_nor_opens_nor_finds() -> None:
    empty = KeyRing()
    for use in (empty.seal, empty.open, empty.index):
        with pytest.raises(RuntimeError, match="holds no keys"):
            use(NAME)


@pytest.mark.parametrize("keys", [[], ["short"], [SEAL_KEY, "not a key"]])
def test_keys_that_are_none_are_refused(keys: list[str]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        KeyRing().hold(keys)


def test_a_column_holds_its_text_sealed_and_gives_it_back_in_the_clear(held: KeyRing) -> None:
    people = Table("people", MetaData(), Column("id", Integer, primary_key=True), Column("name", SealedColumn))
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        people.create(connection)
        connection.execute(people.insert(), [{"name": NAME}, {"name": None}])
        kept = connection.execute(text("SELECT name FROM people ORDER BY id")).scalars().all()
        assert kept[0] not in {None, NAME}
        assert (unseal(kept[0]), kept[1]) == (NAME, None)
        held.hold([new_key(), SEAL_KEY])
        assert connection.execute(people.select().order_by(people.c.id)).all() == [(1, NAME), (2, None)]
    engine.dispose()


def test_a_whole_form_is_sealed_as_its_json(held: KeyRing) -> None:
    assert held.open(seal(fact("a", 1))) == fact("a", 1).model_dump_json()
