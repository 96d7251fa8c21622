"""What research refuses: the reviewing body."""

from shared.language.errors.base import Refusal


class ReviewNotFound(Refusal):
    code, status = "review_not_found", 404
    ar = "لا توجد دراسة لهذا الطلب."
    en = "There is no review of this case."


class ReviewEnded(Refusal):
    code = "review_ended"
    ar = "انتهت دراسة هذا الطلب ({status})، فلا يُضاف إليها."
    en = "The review of this case has ended ({status}); nothing can be added."


class StudyMissing(Refusal):
    code = "study_missing"
    ar = "لا قرار قبل دراسة الحالة ومطابقة البيانات للواقع. اكتب الدراسة أولًا."
    en = "No decision before the study that holds the data against reality. Write the study first."


class AlreadyStudied(Refusal):
    code = "already_studied"
    ar = "كُتبت دراسة هذا الطلب."
    en = "This case has its study."


class WrongReviewingBody(Refusal):
    code = "wrong_reviewing_body"
    ar = "هذا الطلب يبتّ فيه: {body}."
    en = "This case is decided by the {body}."


class QuorumNotReached(Refusal):
    code = "quorum_not_reached"
    ar = "صوّت {votes} والنصاب {quorum}. انتظر بقية الأعضاء."
    en = "{votes} have voted and the quorum is {quorum}. Wait for the other members."


class VotesTied(Refusal):
    code = "votes_tied"
    ar = "تعادلت الأصوات. يلزم صوت آخر."
    en = "The votes are tied. One more is needed."


class AlreadyVoted(Refusal):
    code = "already_voted"
    ar = "سبق تصويتك في هذا الطلب."
    en = "You have voted on this case."


class NotImpartial(Refusal):
    code, status = "not_impartial", 403
    ar = "من درس الحالة أو رفضها من قبل لا يبتّ فيها وحده. يبتّ فيها غيرك."
    en = "Whoever studied the case, or rejected it before, does not decide it. Another has to."
