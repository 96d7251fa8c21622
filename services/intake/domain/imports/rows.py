"""What a row has to be, by the rules that hold for whoever types it; each fault says its column and what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, get_args

from pydantic import ValidationError

from services.intake.domain.case import FormValue
from services.intake.domain.imports.columns import FORM, OF_PERSON, folded
from services.intake.domain.people import Applicant, Name, check_national_id, western
from services.intake.domain.register.checked import mobile_of, name_of
from shared.language import errors
from shared.language.clauses import Channel
from shared.policy.pack import Pack, Service

CHANNEL_WORDS: dict[Channel, tuple[str, ...]] = {
    Channel.INTERVIEW: ("مقابلة", "المقابلة", "حضوري", "interview"),
    Channel.PHONE: ("هاتف", "الهاتف", "اتصال", "phone"),
    Channel.SOCIAL: ("وسائل التواصل", "وسائل التواصل الاجتماعي", "social", "social media"),
    Channel.LETTER: ("خطاب", "الخطابات", "letter"),
    Channel.HELP_REQUEST: ("طلب مساعدة", "خدمة طلب المساعدة", "help request"),
    Channel.VOLUNTEERING: ("تطوع", "التطوع", "volunteering"),
    Channel.WEBSITE: ("الموقع", "الموقع الإلكتروني", "website"),
    Channel.DELEGATE: ("مندوب", "المندوب", "delegate"),
}
LANGUAGE_WORDS = {"ar": ("ar", "عربي", "العربية", "arabic"), "en": ("en", "إنجليزي", "الإنجليزية", "english")}
YES, NO = ("نعم", "yes", "true", "1", "صح"), ("لا", "no", "false", "0", "خطأ")
MOST_LETTERS = 4_000
MOST_OF_NAME: int = next(one.max_length for one in get_args(Name) if getattr(one, "max_length", None))

WHAT_TO_DO = {
    "national_id": (errors.NationalIdWrong.ar, errors.NationalIdWrong.en),
    "name": (f"اكتب الاسم من حرفين إلى {MOST_OF_NAME} حرف.", f"Write the name in 2 to {MOST_OF_NAME} letters."),
    "mobile": (
        "اكتب جوالًا سعوديًا: 05 ثم ثمانية أرقام، أو اترك الخانة فارغة.",
        "Write a Saudi mobile, 05 and eight digits, or leave the cell empty.",
    ),
    "email": (
        "اكتب بريدًا مثل name@example.org، أو اترك الخانة فارغة.",
        "Write an address like name@example.org, or leave the cell empty.",
    ),
    "language": ("اكتب: العربية أو الإنجليزية.", "Write: Arabic or English."),
}
OTHERWISE = (
    "قيمة الخانة غير مقبولة. صحّحها كما تُكتب في النموذج.",
    "The cell is not taken. Write it as the form takes it.",
)


@dataclass(frozen=True)
class Fault:
    """Why a row is not taken: the column, where it is about one, and what to do."""

    column: int | None
    ar: str
    en: str

    def stored(self) -> dict[str, Any]:
        return {"column": self.column, "ar": self.ar, "en": self.en}


@dataclass(frozen=True)
class Plan:
    """How the columns are read, and what holds where a row says nothing."""

    columns: Mapping[str, int]
    channel: Channel
    branch_id: str | None
    service_id: str | None


@dataclass(frozen=True)
class Wanted:
    """A row that is right in itself: who, and what he asks for where there is a service."""

    applicant: Applicant
    says_language: bool
    branch_id: str | None
    service: Service | None
    channel: Channel
    form: dict[str, FormValue] = field(default_factory=dict)

    def mark(self, key: str) -> str:
        """By which the same row is known again in this file; without the file's key nobody learns whose it is."""
        said = f"{self.applicant.national_id}\n{self.service.id if self.service else ''}"
        return blake2b(said.encode(), key=key.encode()[:64], digest_size=16).hexdigest()


class RowReader:
    """Reads the rows of one import."""

    def __init__(self, plan: Plan, *, pack: Pack) -> None:
        self._plan, self._pack = plan, pack
        self._services = _by_name((one.id, (one.id, one.name.ar, one.name.en)) for one in pack.services)
        self._branches = _by_name((one.id, (one.id, one.name.ar, one.name.en)) for one in pack.branches)
        self._channels = _by_name((one.value, (one.value, *words)) for one, words in CHANNEL_WORDS.items())
        self._languages = _by_name(LANGUAGE_WORDS.items())

    def read(self, cells: Sequence[str]) -> Wanted | list[Fault]:
        """What the row asks for, or everything that is wrong with it."""
        faults: list[Fault] = []
        said = {
            target: cells[place].strip()
            for target, place in self._plan.columns.items()
            if place < len(cells) and cells[place].strip()
        }
        applicant = self._applicant(said, faults)
        branch_id = self._chosen("branch", said, self._branches, faults) or self._plan.branch_id
        service_id = self._chosen("service", said, self._services, faults) or self._plan.service_id
        channel = self._channel(said, faults)
        service = self._pack.service(service_id) if service_id else None
        form = self._form(said, service, faults)
        if faults or applicant is None:
            return sorted(faults, key=lambda fault: -1 if fault.column is None else fault.column)
        return Wanted(applicant, "language" in said, branch_id, service, channel, form)

    def refused(self, refusal: errors.Refusal) -> Fault:
        """What a use case refused, at the column that it is about."""
        target = (refusal.field or "").removeprefix("applicant.")
        return self.fault(target, refusal.sentence("ar"), refusal.sentence("en"))

    def fault(self, target: str, ar: str, en: str) -> Fault:
        return Fault(self._plan.columns.get(target), ar, en)

    def _applicant(self, said: Mapping[str, str], faults: list[Fault]) -> Applicant | None:
        given = {target: said[target] for target in OF_PERSON if target in said}
        if "language" in given:
            chosen = self._chosen("language", said, self._languages, faults)
            given = given | {"language": chosen} if chosen else {k: v for k, v in given.items() if k != "language"}
        applicant: Applicant | None = None
        try:
            applicant = self._as_registered(Applicant.model_validate(given), faults)
        except ValidationError as error:
            wrong = dict.fromkeys(str(one["loc"][0]) for one in error.errors())
            faults += [self.fault(place, *WHAT_TO_DO.get(place, OTHERWISE)) for place in wrong]
        try:
            if "national_id" in said:
                check_national_id(str(western(said["national_id"])))
        except errors.NationalIdWrong:
            number = self.fault("national_id", *WHAT_TO_DO["national_id"])
            faults += [] if number in faults else [number]
        return applicant

    def _as_registered(self, applicant: Applicant, faults: list[Fault]) -> Applicant:
        """By the rules of a registration (`register/checked.py`), so that a check says what it would refuse."""
        kept = dict[str, str]()
        for target, typed, checked in (("name", applicant.name, name_of), ("mobile", applicant.mobile, mobile_of)):
            try:
                kept |= {target: checked(typed)} if typed is not None else {}
            except errors.Refusal as refusal:
                faults.append(self.refused(refusal))
        return applicant.model_copy(update=kept)

    def _chosen(
        self, target: str, said: Mapping[str, str], known: Mapping[str, str], faults: list[Fault]
    ) -> str | None:
        if target not in said:
            return None
        chosen = known.get(folded(said[target]))
        if chosen is None:
            ar, en = WHAT_TO_DO.get(target) or self._one_of(target)
            faults.append(self.fault(target, ar, en))
        return chosen

    def _one_of(self, target: str) -> tuple[str, str]:
        """Which values there are; what the cell says is not repeated, for it may be anything."""
        if target == "channel":
            adopted = [one for one in Channel if self._pack.adopts(one.clause)]
            ar, en = [CHANNEL_WORDS[one][0] for one in adopted], [one.value for one in adopted]
        else:
            things = self._pack.services if target == "service" else self._pack.branches
            ar, en = [one.name.ar for one in things], [one.name.en for one in things]
        return f"اكتب واحدًا من: {'، '.join(ar)}.", f"Write one of: {', '.join(en)}."

    def _channel(self, said: Mapping[str, str], faults: list[Fault]) -> Channel:
        chosen = self._chosen("channel", said, self._channels, faults)
        channel = Channel(chosen) if chosen else self._plan.channel
        if not self._pack.adopts(channel.clause):
            faults.append(self.fault("channel", *self._one_of("channel")))
        return channel

    def _form(self, said: Mapping[str, str], service: Service | None, faults: list[Fault]) -> dict[str, FormValue]:
        kinds = {one.id: one for one in service.form} if service else {}
        form: dict[str, FormValue] = {}
        for target, text in said.items():
            if not target.startswith(FORM):
                continue
            field_ = kinds.get(target.removeprefix(FORM))
            if field_ is None:
                # Another service's question: the same table may hold requests for several.
                if service is None:
                    faults.append(
                        self.fault(
                            target,
                            "جواب نموذج دون خدمة: اكتب الخدمة.",
                            "An answer without a service: name the service.",
                        )
                    )
                continue
            value = _answer(text, kind=field_.kind)
            if value is None:
                faults.append(self.fault(target, *KINDS[field_.kind]))
            else:
                form[field_.id] = value
        return form


KINDS = {
    "text": (f"اكتب نصًا لا يزيد على {MOST_LETTERS} حرف.", f"Write a text of at most {MOST_LETTERS} letters."),
    "integer": ("اكتب عددًا صحيحًا.", "Write a whole number."),
    "boolean": ("اكتب: نعم أو لا.", "Write: yes or no."),
}


def _answer(text: str, *, kind: str) -> FormValue | None:
    """The answer as a form would have taken it; `None` where it is none."""
    if kind == "text":
        return text if len(text) <= MOST_LETTERS else None
    if kind == "boolean":
        word = folded(text)
        return True if word in map(folded, YES) else False if word in map(folded, NO) else None
    figure = str(western(text))
    sign, digits = figure[:1], figure.lstrip("-")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 15 or figure.count("-") > (sign == "-"):
        return None
    return int(figure)


def _by_name(things: Any) -> dict[str, str]:
    return {folded(word): key for key, words in things for word in words}
