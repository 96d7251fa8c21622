"""What research does when its time comes."""

from shared.plumbing.timers import Timer


class AnswerDue(Timer):
    """The day on which a held answer may be told (`step.committee_notice`)."""

    type = "answer.due"

    review_id: str

    @property
    def key(self) -> str:
        return self.review_id
