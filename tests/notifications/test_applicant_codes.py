"""A code for an applicant: in his language, saying what it is for, once, and never to a destroyed key's person."""

from datetime import timedelta

import pytest

from shared.language.events import ApplicantCodeMade, CodePurpose
from shared.plumbing.seal import seal
from shared.plumbing.vault import VAULT
from tests.contracts.problem import everything_written
from tests.harness.desk import ASSOCIATION, NOON
from tests.notifications.conftest import OpenNotifications
from tests.notifications.test_sign_in_codes import CODE, MOBILE, Taking, taking

__all__ = ["taking"]


def made(
    *, purpose: CodePurpose = CodePurpose.FOLLOW, language: str = "ar", subject: str | None = None
) -> ApplicantCodeMade:
    return ApplicantCodeMade(
        association_id=ASSOCIATION,
        code_id="code-1",
        subject_id=subject,
        purpose=purpose,
        language=language,
        mobile=seal(MOBILE, subject=subject),
        code=seal(CODE, subject=subject),
        ends_at=NOON + timedelta(minutes=5),
    )


@pytest.mark.parametrize(
    ("purpose", "language", "word"),
    [
        (CodePurpose.FOLLOW, "ar", "متابعة"),
        (CodePurpose.FOLLOW, "en", "follow"),
        (CodePurpose.ATTEST, "ar", "توقيع"),
        (CodePurpose.ATTEST, "en", "sign"),
    ],
)
async def test_it_says_in_his_language_what_it_is_for(
    open_notifications: OpenNotifications, taking: Taking, purpose: CodePurpose, language: str, word: str
) -> None:
    async with open_notifications(gateway=lambda _: taking) as desk:
        await desk.hear(made(purpose=purpose, language=language), made(purpose=purpose, language=language))
        written = "\n".join(everything_written(desk))
    (letter,) = taking.letters
    assert letter.recipient == MOBILE
    assert CODE in letter.body
    assert word in letter.body
    assert "http" not in letter.body
    assert CODE not in written


async def test_one_whose_key_is_destroyed_is_sent_nothing(
    open_notifications: OpenNotifications, taking: Taking
) -> None:
    async with open_notifications(gateway=lambda _: taking) as desk:
        VAULT.make("person-1", now=NOON)
        event = made(subject="person-1")
        VAULT.destroy("person-1", now=NOON)
        await desk.hear(event)
        assert await desk.dead() == []
    assert taking.letters == []
