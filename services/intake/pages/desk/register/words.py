"""The words that the desk has for what stands in a person's file and his household's."""

from services.intake.domain.register.duplicates import Finding, Sign
from services.intake.domain.register.household import Dwelling, Income, Kinship, Obligation, Repair, Tenure
from services.intake.domain.register.mandates import Capacity, Deed
from services.intake.domain.register.particulars import MaritalStatus
from services.intake.use_cases.register.show_person import Clear
from shared.ui.language import mark

MARITAL = {
    MaritalStatus.SINGLE: mark("Single"),
    MaritalStatus.MARRIED: mark("Married"),
    MaritalStatus.DIVORCED: mark("Divorced"),
    MaritalStatus.WIDOWED: mark("Widowed"),
    MaritalStatus.ABANDONED: mark("Abandoned"),
}
CLEAR = {
    Clear.NATIONAL_ID: mark("National id or residence number"),
    Clear.MOBILE: mark("Mobile"),
    Clear.EMAIL: mark("E-mail"),
    Clear.IBAN: mark("IBAN"),
    Clear.SHORT_ADDRESS: mark("Short national address"),
    Clear.BIRTHDAY: mark("Birthday"),
    Clear.MARITAL_STATUS: mark("Marital status"),
}
DIFFERING = {field.value: words for field, words in CLEAR.items()} | {"name": mark("Name")}
"""What was typed otherwise than a file says, by its field."""
KINSHIPS = {
    Kinship.HUSBAND: mark("Husband"),
    Kinship.WIFE: mark("Wife"),
    Kinship.SON: mark("Son"),
    Kinship.DAUGHTER: mark("Daughter"),
    Kinship.FATHER: mark("Father"),
    Kinship.MOTHER: mark("Mother"),
    Kinship.BROTHER: mark("Brother"),
    Kinship.SISTER: mark("Sister"),
    Kinship.GRANDFATHER: mark("Grandfather"),
    Kinship.GRANDMOTHER: mark("Grandmother"),
    Kinship.GRANDSON: mark("Grandson"),
    Kinship.GRANDDAUGHTER: mark("Granddaughter"),
    Kinship.FOSTER_CHILD: mark("Foster child"),
    Kinship.ORPHAN_IN_CARE: mark("Orphan in care"),
    Kinship.OTHER: mark("Other kinship"),
}
INCOMES = {
    Income.SALARY: mark("Salary"),
    Income.PENSION: mark("Pension"),
    Income.SOCIAL_SECURITY: mark("Social security"),
    Income.CITIZEN_ACCOUNT: mark("Citizen Account"),
    Income.RENTS: mark("Income from rents"),
    Income.ALIMONY: mark("Alimony received"),
    Income.TRADE: mark("Trade or craft"),
    Income.ALMS: mark("Alms and gifts"),
    Income.OTHER: mark("Other income"),
}
OBLIGATIONS = {
    Obligation.RENT: mark("Rent"),
    Obligation.ALIMONY: mark("Alimony paid"),
    Obligation.ELECTRICITY_AND_WATER: mark("Electricity and water"),
    Obligation.SCHOOL: mark("School"),
    Obligation.MEDICAL: mark("Treatment and medicine"),
    Obligation.TRANSPORT: mark("Transport"),
    Obligation.LIVING: mark("Food and daily needs"),
    Obligation.OTHER: mark("Other obligation"),
}
DWELLINGS = {
    Dwelling.HOUSE: mark("House"),
    Dwelling.FLAT: mark("Flat"),
    Dwelling.FLOOR: mark("Floor of a house"),
    Dwelling.ROOM: mark("Room"),
    Dwelling.ANNEXE: mark("Annexe"),
    Dwelling.TENT: mark("Tent or shack"),
    Dwelling.OTHER: mark("Other dwelling"),
}
TENURES = {
    Tenure.OWNED: mark("Owned"),
    Tenure.RENTED: mark("Rented"),
    Tenure.WITH_FAMILY: mark("With relatives"),
    Tenure.CHARITY: mark("Charitable housing"),
    Tenure.ENDOWMENT: mark("Endowment"),
    Tenure.GOVERNMENT: mark("Government housing"),
    Tenure.OTHER: mark("Held otherwise"),
}
REPAIRS = {
    Repair.GOOD: mark("In good repair"),
    Repair.FAIR: mark("In fair repair"),
    Repair.POOR: mark("In poor repair"),
    Repair.UNFIT: mark("Unfit to live in"),
}
CAPACITIES = {
    Capacity.FATHER: mark("Father"),
    Capacity.MOTHER: mark("Mother"),
    Capacity.GUARDIAN: mark("Guardian"),
    Capacity.TRUSTEE: mark("Trustee under a will"),
    Capacity.CUSTODIAN: mark("Custodian of a child"),
    Capacity.AGENT: mark("Agent by power of attorney"),
}
DEEDS = {
    Deed.ASK: mark("Ask for a service"),
    Deed.ATTEST: mark("Sign the attestation"),
    Deed.COLLECT: mark("Take the service over"),
    Deed.DATA_RIGHTS: mark("Ask for the rights about his data"),
}
SIGNS = {
    Sign.NAME: ("warn", mark("Names alike")),
    Sign.MOBILE: ("warn", mark("Same mobile")),
    Sign.IBAN: ("warn", mark("Same account")),
    Sign.BIRTHDAY: ("warn", mark("Same birthday")),
    Sign.NUMBER_NEARLY: ("warn", mark("Numbers nearly the same")),
    Sign.OTHER_BIRTHDAY: ("info", mark("Different birthdays")),
    Sign.OTHER_FIRST_NAME: ("info", mark("Different first names")),
}
"""What speaks for one person, or against it: colour and words."""
FINDINGS = {
    Finding.OPEN: ("warn", mark("To be decided")),
    Finding.MERGED: ("good", mark("Merged")),
    Finding.NOT_THE_SAME: ("plain", mark("Not the same")),
}
