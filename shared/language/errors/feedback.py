"""What feedback refuses."""

from shared.language.errors.base import Refusal


class SurveyNotFound(Refusal):
    code, status = "survey_not_found", 404
    ar = "رمز الاستبانة غير صحيح. انسخه كما وصلك."
    en = "This survey code is not right. Copy it as it reached you."


class RelationNotFound(Refusal):
    code, status = "relation_not_found", 404
    ar = "لا توجد شكوى أو اقتراح بهذا الرقم."
    en = "There is no complaint or suggestion with this number."


class ImprovementNotFound(Refusal):
    code, status = "improvement_not_found", 404
    ar = "لا يوجد إجراء تحسين بهذا الرقم."
    en = "There is no improvement with this number."


class AlreadyResolved(Refusal):
    code = "already_resolved"
    ar = "سبق إنهاء هذا."
    en = "This has been brought to its end already."


class DepartmentUnknown(Refusal):
    code, status = "department_unknown", 422
    ar = "لا توجد إدارة «{department}» في هذه الجمعية."
    en = "The association has no department “{department}”."
