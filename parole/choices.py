"""What can be chosen on Form I-134A and by a beneficiary. Labels are what people read."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FilerType(models.TextChoices):
    ALONE = "alone", _("I support this person alone")
    WITH_OTHERS = "with_others", _("I support this person together with others")
    ORGANIZATION = "organization", _("I file with, or for, an organization")


class SupporterStatus(models.TextChoices):
    """Who may support: the list of the Federal Register notices, such as 88 FR 1266."""

    CITIZEN = "citizen", _("U.S. citizen or national")
    LPR = "lpr", _("Lawful permanent resident (green card)")
    NONIMMIGRANT = "nonimmigrant", _("Lawful nonimmigrant, such as a work or student visa")
    ASYLEE = "asylee", _("Asylee")
    REFUGEE = "refugee", _("Refugee")
    PAROLEE = "parolee", _("Parolee")
    TPS = "tps", _("Temporary Protected Status (TPS)")
    DEFERRED = "deferred", _("Deferred action, DACA included")
    DED = "ded", _("Deferred Enforced Departure (DED)")


class SupporterRelation(models.TextChoices):
    """Who the beneficiary is to the supporter."""

    SPOUSE = "spouse", _("Wife, husband or partner")
    CHILD = "child", _("Child")
    PARENT = "parent", _("Parent")
    SIBLING = "sibling", _("Sister or brother")
    RELATIVE = "relative", _("Another relative")
    FRIEND = "friend", _("Friend")
    COMMUNITY = "community", _("Somebody my community or organization helps")
    NONE = "none", _("We do not know each other yet")


class PrincipalRelation(models.TextChoices):
    """Immediate family of another nationality follows the principal (88 FR 1266)."""

    SPOUSE = "spouse", _("Wife, husband or common-law partner")
    CHILD = "child", _("Unmarried child under 21")


class Yes(models.TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")


class Lives(models.TextChoices):
    WITH_ME = "with_me", _("With me, at my address")
    ELSEWHERE = "elsewhere", _("At another address")


class FormType(models.TextChoices):
    I134A = "I-134A", "I-134A"
    I134 = "I-134", "I-134"
    I864 = "I-864", "I-864"
    OTHER = "other", _("Another form")


class PaperKind(models.TextChoices):
    STATUS_PROOF = "status_proof", _("Proof of your status in the United States")
    TAX_RETURN = "tax_return", _("Tax return or W-2")
    PAY_STUB = "pay_stub", _("Pay stubs")
    BANK_LETTER = "bank_letter", _("Letter from a bank, or statements")
    LEASE = "lease", _("Lease, or papers about the housing")
    OTHER = "other", _("Something else that helps")
    PASSPORT = "passport", _("Page of the passport with the photo")
    RELATIONSHIP = "relationship", _("Proof of who the parent or guardian is")
    ANSWER = "answer", _("Answer to a question from an officer")


SUPPORTER_PAPERS = ("status_proof", "tax_return", "pay_stub", "bank_letter", "lease", "other")


class Vaccination(models.TextChoices):
    DONE = "done", _("Vaccinated")
    BEFORE = "before", _("Not yet; I will be before I travel")
    EXCEPTION = "exception", _("There is an exception for me, such as age or a medical reason")


class Picked(models.TextChoices):
    """How a request came to be reviewed."""

    ORDER = "order", _("in order of filing")
    DRAW = "draw", _("drawn from everybody who waits")


class Outcome(models.TextChoices):
    CONFIRM = "confirm", _("Confirm the support")
    NOT_CONFIRM = "not_confirm", _("Do not confirm the support")
    MORE_INFO = "more_info", _("Ask for more information")
    FINGERPRINTS = "fingerprints", _("Ask for fingerprints")
    FRAUD_HOLD = "fraud_hold", _("Hold while a question is looked into")


class Reason(models.TextChoices):
    """Why: the code goes with every decision, its sentence into the letter."""

    MEETS = "meets", _("The supporter can help for up to two years")
    INCOME_LOW = "income_low", _("The money shown is not enough for everybody supported")
    INCOME_UNPROVEN = "income_unproven", _("The money is not shown by papers")
    STATUS_UNPROVEN = "status_unproven", _("The status in the United States is not shown")
    IDENTITY = "identity", _("It is not clear who the supporter is")
    BENEFICIARY_UNCLEAR = "beneficiary_unclear", _("It is not clear who the beneficiary is")
    HOUSING = "housing", _("The housing is not shown or not enough")
    PLAN = "plan", _("The plan for the first months is missing")
    DUPLICATE = "duplicate", _("There is another request for the same person")
    FALSE = "false", _("Something in the request is not true")
    SAFETY = "safety", _("There is a concern for the safety of the beneficiary")
    NOT_ELIGIBLE = "not_eligible", _("The process is not open to this person")
    CHECKS = "checks", _("Background checks are not complete")


REASONS = {
    "confirm": ("meets",),
    "not_confirm": (
        "income_low", "income_unproven", "status_unproven", "identity", "beneficiary_unclear",
        "housing", "duplicate", "false", "safety", "not_eligible",
    ),
    "more_info": (
        "income_unproven", "income_low", "status_unproven", "identity", "beneficiary_unclear",
        "housing", "plan",
    ),
    "fingerprints": ("checks", "identity"),
    "fraud_hold": ("identity", "false", "duplicate", "safety", "checks"),
}  # fmt: skip


class Signal(models.TextChoices):
    """What the computer points at. Each is a lead for a person, never a reason by itself."""

    SSN_FORM = "ssn_form", _("Social Security number that cannot exist")
    SSN_SHARED = "ssn_shared", _("Social Security number used by different people")
    SSN_DECEASED = "ssn_deceased", _("Social Security number of a deceased person")
    ADDRESS_CLUSTER = "address_cluster", _("Address on many requests")
    ADDRESS_KIND = "address_kind", _("Address where nobody lives")
    CROWDED = "crowded", _("Many people for few bedrooms")
    PHONE_CLUSTER = "phone_cluster", _("Phone number on many requests")
    EMAIL_CLUSTER = "email_cluster", _("E-mail address on many requests")
    IP_CLUSTER = "ip_cluster", _("Filed from one connection with many others")
    IP_ABROAD = "ip_abroad", _("Filed from outside the United States")
    TEXT_SIMILAR = "text_similar", _("Text almost the same as in other requests")
    ZIP_STATE = "zip_state", _("ZIP code that does not belong to the state")
    A_NUMBER = "a_number", _("A-number that is not written as one")
    INCOME = "income", _("Income missing, or low for everybody supported")
    SERIAL = "serial", _("One supporter with many requests")


class Verdict(models.TextChoices):
    EXPLAINED = "explained", _("Explained")
    FRAUD = "fraud", _("Points to fraud")
    NEEDS_EVIDENCE = "needs_evidence", _("Needs evidence")


class KnownKind(models.TextChoices):
    ADDRESS = "address", _("Address")
    PHONE = "phone", _("Phone number")
    EMAIL = "email", _("E-mail address")
    IP = "ip", _("Internet connection (IP address)")


class StateGroup(models.TextChoices):
    """Poverty guidelines differ for Alaska and Hawaii (HHS, yearly notice)."""

    STATES_48 = "48", _("48 states and D.C.")
    ALASKA = "AK", _("Alaska")
    HAWAII = "HI", _("Hawaii")


class DenialReason(models.TextChoices):
    """Why travel is not authorized, or an authorization ends early."""

    VETTING = "vetting", _("A check before travel came back with a concern")
    INELIGIBLE = "ineligible", _("An answer shows that the process is not open to this person")
    PASSPORT = "passport", _("The passport is not valid or cannot be read")
    IDENTITY = "identity", _("The photo and the passport do not show the same person")
    MINOR = "minor", _("A child without a parent or guardian who travels along")
    SUPPORT = "support", _("The support has ended")
    ERROR = "error", _("It was given by mistake")


class LetterAbout(models.TextChoices):
    """The decisions of travel officers that carry a letter."""

    DENIED = "denied", _("Travel is not authorized")
    CANCELLED = "cancelled", _("The authorization ends early")
    SENT_BACK = "sent_back", _("Something has to be sent again")


class SendBack(models.TextChoices):
    """What a person sends again, or puts right, before an officer goes on."""

    PHOTO = "photo", _("Another photo")
    PASSPORT = "passport", _("The page of the passport")
    DETAILS = "details", _("A detail that does not agree with the passport")
    ANSWERS = "answers", _("An answer that needs another look")
    GUARDIAN = "guardian", _("The parent or guardian, or the proof of who they are")


class ArrivalDenial(models.TextChoices):
    """What happens to a person to whom parole is denied at the airport."""

    WITHDRAWAL = "withdrawal", _("Withdrew the application for admission")
    EXPEDITED_REMOVAL = "expedited_removal", _("Expedited removal")
    ERCF = "ercf", _("Expedited removal, credible fear claimed")
    NTA = "nta", _("Notice to appear")
    HHS = "hhs", _("Child referred to Health and Human Services")
