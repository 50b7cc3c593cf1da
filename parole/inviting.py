"""Somebody a supporter wrote about is invited, proves who they are, and accepts or does not.

A link in a message changes nothing: machines open links before people do.
"""

from datetime import date

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cbpone.accounts.entry import open_account
from cbpone.audit.log import move, record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import MovedOn, Refused
from cbpone.lib.limits import count_try
from cbpone.lib.references import read_reference
from cbpone.lib.seals import is_ours, signature_of
from cbpone.notifications.models import Delivery
from cbpone.notifications.outbox import notify
from cbpone.notifications.statuses import DeliveryStatus, Template
from cbpone.travelers.models import Traveler
from parole.models import Beneficiary
from parole.pages import hold
from parole.references import BENEFICIARY
from parole.statuses import BeneficiaryStatus

PURPOSE = "invitation"
TRIES, TRIES_SECONDS = 6, 3600  # of a date of birth, for one case number
DAY_TRIES, DAY_SECONDS = 20, 86_400
SENT_AGAIN, SENT_AGAIN_SECONDS = 5, 3600  # so that nobody can fill a stranger's mailbox
NOT_COPIED = ("id", "reference", "search_name")


class NotTogether(Refused):
    code = "not_together"
    sentence = _(
        "This date of birth does not belong to the case number. Look at it once more. "
        "Your supporter wrote a date for you: if you cannot go on, ask which one."
    )


class AlreadyClaimed(Refused):
    code = "already_claimed"
    sentence = _(
        "This invitation was accepted already. If it was you, sign in with the e-mail address "
        "you used then. If it was not you, write to us through Help."
    )


class InvitationEnded(Refused):
    code = "invitation_ended"
    sentence = _("This invitation is not open. Nothing is needed from you.")


class OwnRequest(Refused):
    code = "own_request"
    sentence = _(
        "You filed this request yourself. The person you wrote about accepts it, with an e-mail "
        "address of their own."
    )


@transaction.atomic
def invite(*, beneficiary: Beneficiary, by) -> Beneficiary:
    """The support is confirmed: write to the person. Refuses with MovedOn when that was done."""
    hold(beneficiary)
    if beneficiary.status != BeneficiaryStatus.WRITTEN:
        raise MovedOn
    move(beneficiary, to="invited", verb=Verb.INVITED, by=by, invited_at=clock.now())
    _tell(beneficiary)
    return beneficiary


@transaction.atomic
def send_again(*, beneficiary: Beneficiary, by) -> Beneficiary:
    """The invitation goes to the address as it is now; what waits for the old one is not sent.

    Refuses with AlreadyClaimed or InvitationEnded, and with TooMany after five times an hour.
    """
    hold(beneficiary)
    _check_open(beneficiary)
    count_try("invite", beneficiary.reference, most=SENT_AGAIN, seconds=SENT_AGAIN_SECONDS)
    _recall(beneficiary)
    record(Verb.INVITED, on=beneficiary, by=by)
    _tell(beneficiary)
    return beneficiary


def _recall(beneficiary: Beneficiary) -> None:
    waiting = Delivery.objects.filter(
        status=DeliveryStatus.WAITING,
        message__template=Template.INVITATION,
        message__model=beneficiary._meta.label_lower,
        message__row_id=str(beneficiary.pk),
    )
    waiting.update(status=DeliveryStatus.OUTDATED)


def _tell(beneficiary: Beneficiary) -> None:
    """A supporter who left the address out can still hand over the case number."""
    if not beneficiary.written_email:
        return
    user = open_account(email=beneficiary.written_email, language=language_for(beneficiary))
    key = f"{Template.INVITATION}:{beneficiary.pk}:{clock.now().isoformat()}"
    notify(user=user, template=Template.INVITATION, about=beneficiary, dedupe=key)


def language_for(beneficiary: Beneficiary) -> str:
    """Nobody has asked the person yet: the language of the country, else the supporter's."""
    known = dict(settings.LANGUAGES)
    by_country = "ht" if str(beneficiary.written.nationality) == "HT" else "es"
    own = beneficiary.request.owner.language
    return next((code for code in (by_country, own) if code in known), settings.LANGUAGE_CODE)


def _signed(beneficiary: Beneficiary) -> str:
    return f"{beneficiary.reference}:{beneficiary.written_email}"


def signature_for(beneficiary: Beneficiary) -> str:
    """Stands for the address too: once that is corrected, an older link is worth nothing."""
    return signature_of(PURPOSE, _signed(beneficiary))


def link_of(beneficiary: Beneficiary) -> str:
    """The whole address of the page with the button."""
    path = reverse("parole:invitation", args=[beneficiary.reference, signature_for(beneficiary)])
    return settings.SITE_URL + path


def is_link_good(beneficiary: Beneficiary, signature: str) -> bool:
    return is_ours(PURPOSE, _signed(beneficiary), signature)


def is_sent_to(beneficiary: Beneficiary, user) -> bool:
    """The link is for the account of the address that stands now, and for no earlier one."""
    return user.email.lower() == beneficiary.written_email.lower()


def _check_open(beneficiary: Beneficiary) -> None:
    if beneficiary.user_id:
        raise AlreadyClaimed
    if beneficiary.status != BeneficiaryStatus.INVITED:
        raise InvitationEnded


def prove(*, number: str, birth_date: date) -> Beneficiary:
    """The invited case of this number, for who knows the date of birth.

    Refuses with TooMany (6 tries of a number an hour, 20 a day), NotTogether, AlreadyClaimed or
    InvitationEnded. A number nobody has is answered as a wrong date is.
    """
    reference = read_reference(number, BENEFICIARY) or ""
    if reference:
        count_try("birth", reference, most=TRIES, seconds=TRIES_SECONDS)
        count_try("birth_day", reference, most=DAY_TRIES, seconds=DAY_SECONDS)
    invited = Beneficiary.objects.exclude(invited_at=None).select_related("written")
    beneficiary = invited.filter(reference=reference).first()
    if not beneficiary or beneficiary.written.birth_date != birth_date:
        raise NotTogether
    _check_open(beneficiary)
    return beneficiary


@transaction.atomic
def claim(*, beneficiary: Beneficiary, user) -> Beneficiary:
    """The person accepts: the case is theirs, with a copy of what was written about them.

    A second press changes nothing. Refuses with OwnRequest, AlreadyClaimed or InvitationEnded.
    """
    hold(beneficiary)
    if beneficiary.request.owner_id == user.pk:
        raise OwnRequest
    if beneficiary.user_id == user.pk:
        return beneficiary
    _check_open(beneficiary)
    values = {
        "user": user,
        "claimed_at": clock.now(),
        "traveler": _copy(beneficiary.written),
        "street": beneficiary.written_street,
        "country": beneficiary.written_country,
        "phone": beneficiary.written_phone,
    }
    free = Beneficiary.objects.filter(
        pk=beneficiary.pk, status=BeneficiaryStatus.INVITED, user=None
    )
    if not free.update(**values):
        raise AlreadyClaimed
    for name, value in values.items():
        setattr(beneficiary, name, value)
    record(Verb.CLAIMED, on=beneficiary, by=user)
    return beneficiary


def _copy(written: Traveler) -> Traveler:
    fields = [field.name for field in Traveler._meta.concrete_fields]
    values = {name: getattr(written, name) for name in fields if name not in NOT_COPIED}
    return Traveler.objects.create(**values)
