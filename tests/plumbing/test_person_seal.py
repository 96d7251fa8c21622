"""Texts under a person's key: readable beside those of before, for as long as the key is there."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.fernet import InvalidToken
from sqlalchemy import create_engine, text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session, registry
from sqlmodel import Field, SQLModel

from shared.language.errors import PersonErased
from shared.language.events import SealedText
from shared.plumbing.seal import (
    ERASED,
    RING,
    Of,
    PersonalColumn,
    fingerprint,
    noting_subjects,
    readable,
    seal,
    seal_for_all,
    unseal,
    unseal_all,
)
from shared.plumbing.vault import VAULT
from tests.harness.desk import SEAL_KEY

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
WORDS = "حصة العتيبي"


class Base(SQLModel, registry=registry()):
    """Tables of these tests."""


class Note(Base, table=True):
    """Somebody's words."""

    id: int | None = Field(default=None, primary_key=True)
    subject_id: str | None = None
    words: str = Field(sa_type=PersonalColumn)
    more: str | None = Field(default=None, sa_type=PersonalColumn)
    times: int = 0


@pytest.fixture(autouse=True)
def _vault(tmp_path: Path) -> Iterator[None]:
    RING.hold([SEAL_KEY])
    VAULT.open_at(f"sqlite:///{tmp_path}/vault.db", keys=[SEAL_KEY])
    VAULT.prepare()
    for person in ("p-1", "p-2"):
        VAULT.make(person, now=NOW)
    yield
    VAULT.close()


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    engine = create_engine(f"sqlite:///{tmp_path}/notes.db")
    Base.metadata.create_all(engine)
    with Session(engine, expire_on_commit=False) as session:
        yield session
    engine.dispose()


def raw(session: Session) -> list[str]:
    return list(session.execute(text("SELECT words FROM note ORDER BY id")).scalars())


def test_a_sealed_text_names_its_key_and_opens_by_the_same_call_as_one_of_before() -> None:
    sealed, before = seal(WORDS, subject="p-1"), seal(WORDS)
    assert sealed.startswith("p1.p-1.")
    assert not before.startswith("p1.")
    assert unseal(sealed) == unseal(before) == WORDS


@pytest.mark.parametrize("changed", ["p1.p-2.{token}", "p1.p-1.{flipped}", "p1.p-1.", "p1.p-1.é", "p1.p-1.abc"])
def test_a_text_that_was_changed_or_moved_to_another_person_does_not_open(changed: str) -> None:
    token = seal(WORDS, subject="p-1").rpartition(".")[2]
    flipped = ("A" if token[0] != "A" else "B") + token[1:]
    with pytest.raises(InvalidToken):
        unseal(SealedText(changed.format(token=token, flipped=flipped)))


def test_after_the_key_is_gone_nothing_opens_and_nothing_is_sealed() -> None:
    sealed, others = seal(WORDS, subject="p-1"), seal(WORDS, subject="p-2")
    VAULT.destroy("p-1", now=NOW)
    for use in (lambda: unseal(sealed), lambda: seal(WORDS, subject="p-1"), lambda: fingerprint("x", subject="p-1")):
        with pytest.raises(PersonErased):
            use()
    assert unseal(others) == WORDS


def test_a_fingerprint_is_the_persons_own() -> None:
    assert fingerprint(WORDS, subject="p-1") == fingerprint(WORDS, subject="p-1")
    assert fingerprint(WORDS, subject="p-1") != fingerprint(WORDS, subject="p-2")


def test_a_row_is_sealed_under_the_key_of_the_person_in_it_and_a_changed_text_too(session: Session) -> None:
    note = Note(subject_id="p-1", words=WORDS)
    session.add(note)
    session.commit()
    note.words = "كلام آخر"
    session.commit()
    note.times = 2
    session.commit()
    assert [one.startswith("p1.p-1.") for one in raw(session)] == [True]
    session.expunge_all()
    kept = session.get(Note, note.id)
    assert kept is not None
    assert (kept.words, kept.more, kept.times) == ("كلام آخر", None, 2)


def test_a_row_that_did_not_change_its_words_is_not_sealed_anew(session: Session) -> None:
    session.add(note := Note(subject_id="p-1", words=WORDS))
    session.commit()
    before = raw(session)
    session.expunge_all()
    kept = session.get(Note, note.id)
    assert kept is not None
    kept.times = 5
    session.commit()
    assert raw(session) == before


def test_a_row_from_before_persons_had_keys_stays_the_installations(session: Session) -> None:
    session.add(Note(words=WORDS))
    session.commit()
    assert RING.open(raw(session)[0]) == WORDS


def test_a_text_that_does_not_say_whose_it_is_is_never_written(session: Session) -> None:
    insert = Note.__table__.insert()  # type: ignore[attr-defined]
    with pytest.raises(StatementError, match="does not say whose it is"):
        session.execute(insert.values(subject_id="p-1", words=WORDS))
    session.rollback()
    session.execute(insert.values(subject_id="p-1", words=Of.person("p-1", WORDS)))
    assert raw(session)[0].startswith("p1.p-1.")


def test_a_list_shows_that_it_was_erased_and_whoever_acts_on_it_is_refused(session: Session) -> None:
    session.add_all([Note(subject_id="p-1", words=WORDS), Note(subject_id="p-2", words=WORDS)])
    session.commit()
    session.expunge_all()
    VAULT.destroy("p-1", now=NOW)
    first, second = session.query(Note).order_by(Note.id).all()  # type: ignore[arg-type]
    assert (first.words, second.words) == (ERASED, WORDS)
    assert readable(second.words) == WORDS
    with pytest.raises(PersonErased):
        readable(first.words)
    # What else stands in his row can still be changed; his words cannot be written again.
    first.times = 1
    session.commit()
    first.words = "شيء جديد"
    with pytest.raises(PersonErased):
        session.commit()


def test_what_may_be_about_several_people_opens_while_none_of_them_is_erased() -> None:
    with noting_subjects() as subjects:
        unseal(seal(WORDS, subject="p-1"))
        seal(WORDS, subject="p-2")
    assert subjects == {"p-1", "p-2"}
    sealed = seal_for_all('{"name": "x"}', subjects)
    assert unseal_all(sealed) == '{"name": "x"}'
    VAULT.destroy("p-2", now=NOW)
    with pytest.raises(PersonErased):
        unseal_all(sealed)


def test_what_is_about_nobody_is_the_installations() -> None:
    with noting_subjects() as subjects:
        pass
    sealed = seal_for_all("{}", subjects)
    assert RING.open(sealed) == unseal_all(sealed) == "{}"
