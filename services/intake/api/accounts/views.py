"""What the answers and requests about accounts look like."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.intake.api.views import Body, Code, Line, shown
from services.intake.domain.accounts.passwords import LONGEST
from services.intake.domain.accounts.sessions import Stage
from services.intake.domain.people import Mobile
from shared.language.roles import Role

Password = Annotated[str, Field(min_length=1, max_length=LONGEST)]
Secret = Annotated[str, Field(min_length=1, max_length=200)]
FactorCode = Annotated[str, Field(min_length=1, max_length=40)]


class Credentials(Body):
    """Who signs in, as he types it."""

    model_config = shown({"association_id": "jamoum-orphans", "user_name": "sara", "password": "made up for this page"})

    association_id: Code
    user_name: Line
    password: Password


class SessionSecret(Body):
    """The newest secret of a session."""

    model_config = shown({"session": "01a1.made-up"})

    session: Secret


class SecondFactorCode(SessionSecret):
    """The session, and a code of the authenticator or by SMS, or a recovery code."""

    model_config = shown({"session": "01a1.made-up", "code": "123456"})

    code: FactorCode


class ChosenPassword(SessionSecret):
    """The session, and the password in place of the one-time password."""

    model_config = shown({"session": "01a1.made-up", "new_password": "a made-up sentence"})

    new_password: Password


class ChosenSeat(SessionSecret):
    """The session, and where to sit."""

    model_config = shown({"session": "01a1.made-up", "place_id": "01a1"})

    place_id: Code


class SessionMobile(SessionSecret):
    """The session, and a mobile to which a code is sent."""

    model_config = shown({"session": "01a1.made-up", "mobile": "0555000111"})

    mobile: Mobile


class OwnMobile(Body):
    """A mobile of one's own, to which a code is sent."""

    model_config = shown({"mobile": "0555000111"})

    mobile: Mobile


class PlaceView(BaseModel):
    """A seat that one can sit in now; `delegated` when it is another's, on leave."""

    place_id: str
    role: Role
    branch_id: str | None
    delegated: bool


class SessionView(BaseModel):
    """How far signing in has come. `token` is there once the stage is `open`; `session` renews it."""

    stage: Stage
    session: str
    token: str | None = None
    token_lasts_seconds: int | None = None
    place: PlaceView | None = None
    places: list[PlaceView] = []


class PasswordChange(Body):
    """The password that one has, and the one to have."""

    model_config = shown({"password": "made up for this page", "new_password": "a made-up sentence"})

    password: Password
    new_password: Password


class Confirmation(Body):
    """A code of the authenticator that was just set up, or that came to the mobile."""

    model_config = shown({"code": "123456"})

    code: FactorCode


class SecondFactorSetUp(BaseModel):
    """What the authenticator needs; shown once."""

    secret: str
    address: str


class RecoveryCodes(BaseModel):
    """Each opens the account once without the authenticator; shown once, and not when the answer is given again."""

    codes: list[str] | None


class EnrolledView(SessionView):
    """The session, and recovery codes: each opens the account once without the second factor; shown once."""

    codes: list[str]


class NewStaff(Body):
    """A member of the staff. `subject` is the identity provider's `sub` of him, where there is one."""

    model_config = shown({"user_name": "sara", "name": "سارة العتيبي"})

    user_name: Line
    name: Line
    subject: Line | None = None


class Subject(Body):
    """The `sub` that the association's identity provider gives a person."""

    model_config = shown({"subject": "9f1c-made-up"})

    subject: Line


class NewSeat(Body):
    """A seat; from now where no day is named, and until it is ended."""

    model_config = shown({"role": "delegate", "branch_id": "jamoum", "valid_until": "2027-11-22T00:00:00+03:00"})

    role: Role
    branch_id: Code | None = None
    valid_from: AwareDatetime | None = None
    valid_until: AwareDatetime | None = None


class NewDelegation(Body):
    """Who sits in the seat during leave."""

    model_config = shown(
        {
            "to_person_id": "01a1",
            "valid_from": "2026-12-01T00:00:00+03:00",
            "valid_until": "2026-12-15T00:00:00+03:00",
        }
    )

    to_person_id: Code
    valid_from: AwareDatetime
    valid_until: AwareDatetime


class StaffView(BaseModel):
    """A member of the staff."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    user_name: str
    name: str
    is_active: bool
    has_second_factor: bool
    first_signed_in_at: datetime | None


class OneTimePassword(BaseModel):
    """Shown this once, and not when the answer is given again. To be changed at its first use, within 72 hours."""

    person_id: str
    user_name: str
    one_time_password: str | None


class DelegationView(BaseModel):
    """Another in the seat."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    to_person_id: str
    valid_from: datetime
    valid_until: datetime


class SeatView(BaseModel):
    """A seat and who sat in it for its holder."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    role: Role
    branch_id: str | None
    valid_from: datetime
    valid_until: datetime | None
    delegations: list[DelegationView] = []


class StaffFile(StaffView):
    """A member of the staff with all the seats that he was given."""

    seats: list[SeatView] = []


class StaffPage(BaseModel):
    """A page of the staff; `next` is the `after` of the following page."""

    items: list[StaffView]
    next: str | None
