"""What an import of lists refuses, and what is kept of them."""

from shared.language.errors.base import Refusal


class TableUnreadable(Refusal):
    """`what`: what is wrong with it, and in which row."""

    code, status = "table_unreadable", 422
    ar = "تعذّرت قراءة الجدول: {what}. لم يُحفظ شيء."
    en = "The table cannot be read: {what}. Nothing was written."


class ImportNotFound(Refusal):
    code, status = "import_not_found", 404
    ar = "لا يوجد استيراد بهذا الرقم في جمعيتك."
    en = "Your association has no import with this number."


class ImportOutOfOrder(Refusal):
    """`status`: where it stands; `may`: what may be done there."""

    code = "import_out_of_order"
    ar = "الاستيراد في حالة «{status}»، والممكن فيها: {may}."
    en = "The import is “{status}”; what may be done there: {may}."


class ColumnsLacking(Refusal):
    """`lacking`: the fields that no column was named for."""

    code, status = "columns_lacking", 422
    ar = "لم يُحدَّد عمود لكل من: {lacking}. حدّد عموده ثم أعد الإرسال."
    en = "No column was named for: {lacking}. Name one and send again."


class ColumnUnknown(Refusal):
    """`column`: a field that no import takes, or a column that the table has not."""

    code, status = "column_unknown", 422
    ar = "لا يُعرف «{column}»: إما حقل لا يُستورد، أو عمود ليس في الجدول، أو عمود حُدّد مرتين."
    en = "“{column}” is unknown: a field that is not imported, a column that the table lacks, or one named twice."


class RequestOpen(Refusal):
    """`reference`: of the request that is open."""

    code = "request_open"
    ar = "لصاحب هذه الهوية طلب مفتوح للخدمة نفسها برقم {reference}. احذف الصف، أو أنهِ ذلك الطلب أولًا."
    en = "This person has an open request for the same service, {reference}. Leave the row out, or end that one first."


class RowNeedsALook(Refusal):
    """Something of another branch, or of a file that few may see, stands in the way: which, the report does not say.

    `case_id` is for the trail of that case, where whoever may see it reads of the row.
    """

    code = "row_needs_a_look"
    ar = "يحتاج هذا الصف إلى نظر المقر الرئيس قبل أن يُؤخذ. راجع فيه موظف علاقات المستفيدين."
    en = "This row needs the head office's look before it is taken. Ask its intake officer about it."

    def __init__(self, *, case_id: str = "") -> None:
        super().__init__()
        self.case_id = case_id


class FilterNotFound(Refusal):
    code, status = "filter_not_found", 404
    ar = "لا توجد تصفية محفوظة بهذا الرقم لديك."
    en = "You keep no filter with this number."


class FilterNameTaken(Refusal):
    code = "filter_name_taken"
    ar = "لديك تصفية محفوظة بهذا الاسم في هذه القائمة. اختر اسمًا آخر أو احذف الأولى."
    en = "You keep a filter of this name for this list. Choose another name, or delete the first."


class TooManyFilters(Refusal):
    code = "too_many_filters"
    ar = "لديك {limit} تصفية محفوظة، وهو الحد. احذف واحدة ثم أعد الحفظ."
    en = "You keep {limit} filters, which is the limit. Delete one and save again."
