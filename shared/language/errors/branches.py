"""What intake refuses: moving cases between branches and people."""

from shared.language.errors.base import Refusal


class TransferNotFound(Refusal):
    code, status = "transfer_not_found", 404
    ar = "لا يوجد طلب نقل بهذا الرقم."
    en = "There is no transfer with this number."


class TransferOpen(Refusal):
    code = "transfer_open"
    ar = "لهذا الملف طلب نقل لم يُجب عنه بعد. انتظر الجواب أو اسحبه أولًا."
    en = "A transfer of this case is still unanswered. Wait for the answer, or revoke it first."


class TransferAnswered(Refusal):
    code = "transfer_answered"
    ar = "سبق البتّ في طلب النقل هذا."
    en = "This transfer has been answered already."


class AlreadyThere(Refusal):
    code, status = "already_there", 422
    ar = "الملف عند من تطلب نقله إليه. اختر فرعًا آخر أو موظفًا آخر."
    en = "The case is there already. Name another branch or another person."


class BranchIsClosed(Refusal):
    code, status = "branch_is_closed", 422
    ar = "أُغلق فرع «{branch}» ولا يستقبل ملفات. ملفاته عند «{to}»."
    en = "The branch “{branch}” is closed and takes no cases. Its files are with “{to}”."


class NoSeatAtClosedBranch(Refusal):
    code, status = "no_seat_at_closed_branch", 422
    ar = "أُغلق فرع «{branch}» فلا يُمنح فيه مقعد ولا يُعار. ملفاته عند «{to}»: امنح المقعد هناك."
    en = "The branch “{branch}” is closed: no seat is given or lent there. Give it at “{to}”, which has its files."


class ClosingNotFound(Refusal):
    code, status = "closing_not_found", 404
    ar = "لا يوجد إغلاق فرع بهذا الرقم."
    en = "There is no closing of a branch with this number."


class NotYoursToTake(Refusal):
    code, status = "not_yours_to_take", 403
    ar = "يجيب عن هذا النقل مدير الفرع المطلوب منه، أو من طُلب باسمه داخل الفرع."
    en = "This is for the manager of the branch that is asked, or within a branch for the person who is asked."


class NoSeatThere(Refusal):
    code, status = "no_seat_there", 422
    ar = "من سمّيته لا يشغل الآن مقعدًا يتولى منه ملفات هذا الفرع. اختر موظفًا من الفرع على رأس عمله."
    en = "The person you named holds no seat from which files of this branch are kept. Choose one who works there now."


class HeadOfficeStays(Refusal):
    code = "head_office_stays"
    ar = "المقر الرئيس لا يُغلق."
    en = "The head office is not closed."
