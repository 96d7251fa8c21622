"""What notifications does when its time comes."""

from pydantic import AwareDatetime

from shared.language.events import CodePurpose, SealedText
from shared.plumbing.timers import Timer


class SendDue(Timer):
    """A message has to go out. `after_attempts` makes each later try a timer of its own."""

    type = "send.due"

    message_id: str
    after_attempts: int = 0

    @property
    def key(self) -> str:
        return self.message_id

    @property
    def name(self) -> str:
        return f"{self.type}:{self.message_id}:{self.after_attempts}"


class CodeDue(Timer):
    """A code has to go out, while it is good. It lies sealed, as it came."""

    type = "code.due"

    code_id: str
    association_id: str
    mobile: SealedText
    code: SealedText
    ends_at: AwareDatetime
    purpose: CodePurpose | None = None
    """What an applicant does with it; none is signing in."""
    language: str = "ar"

    @property
    def key(self) -> str:
        return self.code_id
