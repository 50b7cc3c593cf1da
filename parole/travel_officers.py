"""Who may decide on travel, and what stands in the way. Rules ask here, and so do pages."""

from datetime import date

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cbpone.lib import clock
from cbpone.lib.errors import NotAllowed, Refused
from cbpone.photos.models import Photo
from parole.choices import PaperKind
from parole.models import Authorization, Beneficiary
from parole.nearness import check_not_near
from parole.statuses import AuthorizationStatus, BeneficiaryStatus, RequestStatus

DECIDE = "parole.decide_travel"
SUPERVISE = "parole.agree_cap"  # what of all roles only parole supervisors may do
# A parent or guardian who may travel, or has.
TRAVELS = (BeneficiaryStatus.ATA_APPROVED, BeneficiaryStatus.TRAVELLED, BeneficiaryStatus.PAROLED)


class OwnCase(NotAllowed):
    code = "own_case"
    sentence = _("This is your own case, or you support it. Another officer decides about it.")


class NotYours(Refused):
    code = "not_yours"
    sentence = _("Another officer has this case, or nobody. Only the one who took it can do this.")


class NotWaiting(Refused):
    code = "not_waiting"
    sentence = _("This case does not wait for a decision on travel now. Look at it again.")


class SupportEnded(Refused):
    code = "support_ended"
    sentence = _("The support for this person is not confirmed any more. Travel needs it.")


class CorrectionsWaiting(Refused):
    code = "corrections_waiting"
    sentence = _("Corrections without a verdict: %(n)s. Judge each, then decide.")


class CorrectionNotAccepted(Refused):
    code = "correction_not_accepted"
    sentence = _(
        "You did not accept a correction. Send the case back so that it is mended, or change the "
        "verdict."
    )


class NoPhoto(Refused):
    code = "no_photo"
    sentence = _("There is no photo of the person. Send the case back and ask for one.")


class PassportExpired(Refused):
    code = "passport_expired"
    sentence = _("The passport is not valid today. Send the case back and ask for a valid one.")


class MinorAlone(Refused):
    code = "minor_alone"
    sentence = _(
        "A child travels only with a parent or guardian. Authorize the adult first, and look for "
        "the proof of who they are to the child."
    )


class WrongReason(Refused):
    code = "wrong_reason"
    sentence = _("Choose a reason from the list.")


class NoteMissing(Refused):
    code = "note_missing"
    sentence = _("Write it in a sentence. It stays on record.")


class LetterMissing(Refused):
    code = "letter_missing"
    sentence = _("The letter is empty. Write what the person has to know.")


class NotValid(Refused):
    code = "not_valid"
    sentence = _("This travel authorization is not valid any more. There is nothing to cancel.")


class CannotAsk(Refused):
    code = "cannot_ask"
    sentence = _("You can ask again only after your travel authorization has expired.")


def is_so(check, *of) -> bool:
    try:
        check(*of)
    except Refused:
        return False
    return True


def today() -> date:
    return clock.today_in(settings.PAROLE_ZONE)


def check_can_take(user) -> None:
    if not user.has_perm(DECIDE):
        raise NotAllowed


def _check_no_part(user, beneficiary: Beneficiary) -> None:
    """Nobody decides about their own case, their children's, or one they support.

    A child's case can be in another account than that of the parent who brings it.
    """
    guardian = beneficiary.guardian
    parties = (beneficiary.user_id, beneficiary.request.owner_id, guardian and guardian.user_id)
    if user.pk in parties:
        raise OwnCase


def check_no_party(user, beneficiary: Beneficiary) -> None:
    """Nor about people they have said they stand too near to."""
    _check_no_part(user, beneficiary)
    check_not_near(user, beneficiary.request)


def check_can_decide(user, beneficiary: Beneficiary) -> None:
    """The officer who holds the case, while it waits for a decision."""
    check_can_take(user)
    _check_no_part(user, beneficiary)
    if beneficiary.status != BeneficiaryStatus.ATA_PENDING:
        raise NotWaiting
    if beneficiary.taken_by_id != user.pk:
        raise NotYours
    check_not_near(user, beneficiary.request)


def can_decide(user, beneficiary: Beneficiary) -> bool:
    return is_so(check_can_decide, user, beneficiary)


def check_can_put_back(user, beneficiary: Beneficiary) -> None:
    """Who holds the case, however near they stand; a supervisor for an officer who is away."""
    check_can_take(user)
    _check_no_part(user, beneficiary)
    if beneficiary.status != BeneficiaryStatus.ATA_PENDING:
        raise NotWaiting
    is_held = beneficiary.taken_by_id is not None
    if beneficiary.taken_by_id != user.pk and not (is_held and user.has_perm(SUPERVISE)):
        raise NotYours


def can_put_back(user, beneficiary: Beneficiary) -> bool:
    return is_so(check_can_put_back, user, beneficiary)


def check_can_approve(user, beneficiary: Beneficiary) -> None:
    """Everything an authorization needs, but for a number of the month."""
    check_can_decide(user, beneficiary)
    if beneficiary.request.status != RequestStatus.CONFIRMED:
        raise SupportEnded
    verdicts = list(beneficiary.corrections.values_list("verdict", flat=True))
    if "" in verdicts:
        raise CorrectionsWaiting(n=verdicts.count(""))
    if "not_accepted" in verdicts:
        raise CorrectionNotAccepted
    check_papers(beneficiary)


def check_papers(beneficiary: Beneficiary) -> None:
    if not Photo.objects.filter(traveler=beneficiary.traveler_id, replaced_at=None).exists():
        raise NoPhoto
    expires = beneficiary.person.document_expires_on
    if expires is None or expires < today():
        raise PassportExpired
    if beneficiary.is_minor_on(today()) and not is_accompanied(beneficiary):
        raise MinorAlone


def is_accompanied(beneficiary: Beneficiary) -> bool:
    """The parent or guardian may travel or has, and a paper shows who they are to the child."""
    guardian = beneficiary.guardian
    papers = beneficiary.papers.current().filter(kind=PaperKind.RELATIONSHIP)
    return guardian is not None and guardian.status in TRAVELS and papers.exists()


def why_not_approved(user, beneficiary: Beneficiary) -> Refused | None:
    """What stands in the way of approving, for the officer who holds the case."""
    try:
        check_can_approve(user, beneficiary)
    except Refused as refusal:
        return refusal
    return None


def check_can_cancel(user, authorization: Authorization) -> None:
    check_can_take(user)
    _check_no_part(user, authorization.beneficiary)
    if authorization.status != AuthorizationStatus.VALID:
        raise NotValid
    check_not_near(user, authorization.beneficiary.request)


def can_cancel(user, authorization: Authorization) -> bool:
    return is_so(check_can_cancel, user, authorization)


def check_can_ask_again(user, beneficiary: Beneficiary) -> None:
    """The person's own, expired case, as long as the support stands."""
    if beneficiary.user_id != user.pk:
        raise NotAllowed
    if beneficiary.status != BeneficiaryStatus.ATA_EXPIRED:
        raise CannotAsk
    if beneficiary.request.status != RequestStatus.CONFIRMED:
        raise SupportEnded


def can_ask_again(user, beneficiary: Beneficiary) -> bool:
    return is_so(check_can_ask_again, user, beneficiary)
