from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from cbpone.audit.models import Access
from cbpone.audit.triggers import moves_along, set_once, undeletable
from cbpone.travelers.models import Traveler
from parole.choices import DenialReason, SupporterRelation, Vaccination, Yes
from parole.models.requests import SupportRequest, line, text
from parole.statuses import BENEFICIARY_MOVES, EDITABLE, BeneficiaryStatus

ADULT_AGE = 18  # younger people travel in the care of a parent or legal guardian
LATER = ("ata_pending", "ata_approved", "ata_denied", "ata_expired", "ata_cancelled", "travelled",
         "paroled", "parole_denied")  # fmt: skip


def yes_no(label):
    return models.CharField(label, max_length=3, choices=Yes.choices, blank=True)


class BeneficiaryQuerySet(models.QuerySet):
    def of_user(self, user):
        """Cases this account has claimed, children's among them."""
        return self.filter(user=user)

    def visible_to(self, user):
        """Your own; for officers of travel and arrivals who has sent everything, and cases they
        were let see. Those who look after the caps see everybody who was invited.
        """
        if not user.is_staff:
            return self.filter(user=user)
        if not user.has_perm("parole.view_beneficiary"):
            return self.none()
        invited = self.exclude(status=BeneficiaryStatus.WRITTEN)
        if user.has_perm("parole.view_every_case"):
            return invited
        opened = Access.objects.open_for(user).values("case")
        queue = Q(status__in=LATER) | Q(taken_by=user)
        return invited.filter(queue | Q(reference__in=opened))


class Beneficiary(models.Model):
    """Who is to travel. `written` is what the supporter wrote, `traveler` what the person says.

    The supporter never sees `traveler`, the beneficiary never sees the supporter's answers about
    money and housing. `traveler` exists from the moment the invitation is accepted.
    """

    reference = models.CharField(_("case number"), max_length=11, unique=True)
    request = models.OneToOneField(
        SupportRequest, on_delete=models.PROTECT, related_name="beneficiary"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="beneficiaries",
    )
    status = models.CharField(
        max_length=18, choices=BeneficiaryStatus.choices, default=BeneficiaryStatus.WRITTEN
    )
    written = models.OneToOneField(Traveler, on_delete=models.PROTECT, related_name="written_for")
    traveler = models.OneToOneField(
        Traveler, null=True, blank=True, on_delete=models.PROTECT, related_name="beneficiary"
    )

    # As the supporter wrote it
    relation = models.CharField(max_length=10, choices=SupporterRelation.choices, blank=True)
    written_street = line(_("street, town and country"), 300)
    written_country = CountryField(_("country where the person lives now"), blank=True)
    written_email = models.EmailField(_("e-mail address of the person"), blank=True)
    written_phone = line(_("phone of the person"), 20)
    stay_months = models.PositiveSmallIntegerField(_("months of support"), null=True, blank=True)
    own_money = models.PositiveIntegerField(
        _("money or income of the person, in dollars a year"), null=True, blank=True
    )
    own_dependants = models.PositiveSmallIntegerField(
        _("people who depend on that person"), null=True, blank=True
    )

    # Invitation
    invited_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)

    # As the person says
    street = line(_("where you live now: street, town"), 300)
    country = CountryField(_("country where you live now"), blank=True)
    phone = line(_("your phone"), 20)
    text_messages = models.BooleanField(_("send text messages too"), default=False)
    guardian = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="wards"
    )
    guardian_relation = models.CharField(
        max_length=10,
        choices=[("parent", _("Mother or father")), ("guardian", _("Legal guardian"))],
        blank=True,
    )
    family_along = text(_("Who travels with you?"), 500)
    family_left = text(_("Close family who stay behind"), 500)

    attested_at = models.DateTimeField(null=True, blank=True)
    attested_name = line(_("signature"))
    submitted_at = models.DateTimeField(null=True, blank=True)
    # The month was full when an officer decided: waits for a number, in this order.
    queued_at = models.DateTimeField(null=True, blank=True)
    queued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    taken_at = models.DateTimeField(null=True, blank=True)
    denial_reason = models.CharField(max_length=12, blank=True)
    sent_back_note = models.CharField(max_length=300, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = BeneficiaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("beneficiary")
        verbose_name_plural = _("beneficiaries")
        ordering = ["-id"]
        permissions = [
            ("decide_travel", "Can decide on travel authorizations"),
            ("view_every_case", "Can look at everybody who was invited"),
        ]
        indexes = [
            models.Index(
                fields=["submitted_at"], name="beneficiary_queue", condition=Q(status="ata_pending")
            ),
            models.Index(fields=["status", "id"], name="beneficiary_status"),
            models.Index(fields=["written_phone"], name="beneficiary_phone"),
            models.Index(fields=["phone"], name="beneficiary_own_phone", condition=~Q(phone="")),
            models.Index(Lower("written_email"), name="beneficiary_email"),
        ]
        constraints = [
            models.CheckConstraint(
                name="beneficiary_status_known", condition=Q(status__in=BeneficiaryStatus.values)
            ),
            models.CheckConstraint(
                name="beneficiary_claimed_is_whole",
                condition=Q(user=None, claimed_at=None, traveler=None)
                | Q(user__isnull=False, claimed_at__isnull=False, traveler__isnull=False),
            ),
            models.CheckConstraint(
                name="beneficiary_on_the_way_was_claimed",
                condition=Q(status__in=["written", "invited", "closed"]) | Q(user__isnull=False),
            ),
            models.CheckConstraint(
                name="beneficiary_invited_has_time",
                condition=Q(status__in=["written", "closed"]) | Q(invited_at__isnull=False),
            ),
            models.CheckConstraint(
                name="beneficiary_waits_attested_and_submitted",
                condition=~Q(status__in=LATER)
                | Q(attested_at__isnull=False, submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="beneficiary_queued_has_who_and_when",
                condition=Q(queued_at=None, queued_by=None)
                | Q(queued_at__isnull=False, queued_by__isnull=False, status="ata_pending"),
            ),
            models.CheckConstraint(
                name="beneficiary_taken_has_who_and_when",
                condition=Q(taken_by=None, taken_at=None)
                | Q(taken_by__isnull=False, taken_at__isnull=False),
            ),
            models.CheckConstraint(
                name="beneficiary_nobody_decides_their_own",
                condition=~Q(taken_by=F("user")) | Q(user=None),
            ),
            models.CheckConstraint(
                name="beneficiary_closed_has_time",
                condition=Q(status="closed", closed_at__isnull=False)
                | (~Q(status="closed") & Q(closed_at=None)),
            ),
            models.CheckConstraint(
                name="beneficiary_guardian_has_relation",
                condition=Q(guardian=None, guardian_relation="")
                | Q(guardian__isnull=False, guardian_relation__in=["parent", "guardian"]),
            ),
            models.CheckConstraint(
                name="beneficiary_guardian_is_another", condition=~Q(guardian=F("id"))
            ),
            models.CheckConstraint(
                name="beneficiary_denial_reason_known",
                condition=Q(denial_reason__in=["", *DenialReason.values]),
            ),
            models.CheckConstraint(
                name="beneficiary_relation_known",
                condition=Q(relation__in=["", *SupporterRelation.values]),
            ),
            models.CheckConstraint(
                name="beneficiary_stay_possible",
                condition=Q(stay_months=None) | Q(stay_months__range=(1, 24)),
            ),
        ]
        triggers = [
            *undeletable(),
            moves_along(BENEFICIARY_MOVES),
            set_once("reference", "request_id", "user_id", "written_id", "traveler_id"),
        ]

    def __str__(self):
        return self.reference

    @property
    def case(self) -> str:
        return self.reference

    @property
    def person(self) -> Traveler:
        """The record that counts now."""
        return self.traveler or self.written

    @property
    def is_editable(self) -> bool:
        return self.status in EDITABLE

    def is_minor_on(self, day) -> bool:
        age = self.person.age_on(day)
        return age is not None and age < ADULT_AGE


class Attestation(models.Model):
    """What a beneficiary answered to the questions of the notice. Saved page by page."""

    beneficiary = models.OneToOneField(
        Beneficiary, on_delete=models.CASCADE, related_name="attestation"
    )
    outside_us = yes_no(_("Are you outside the United States now?"))
    passport_valid = yes_no(_("Do you have a passport that is valid for travel abroad?"))
    other_country = yes_no(
        _("Are you also a citizen, permanent resident or refugee of another country?")
    )
    removal_order = yes_no(_("Did the United States order your removal in the last five years?"))
    irregular_entry = yes_no(
        _("After that day, did you enter the United States, Mexico or Panama irregularly?")
    )
    irregular_returned = yes_no(
        _("If yes: was it one time only, and did you leave of your own will?")
    )
    interdicted = yes_no(_("Were you stopped at sea after the day named here?"))
    flies_on_own = yes_no(_("Will you pay for your own flight, to an airport inside the country?"))
    measles = models.CharField(_("Measles"), max_length=10, choices=Vaccination.choices, blank=True)
    polio = models.CharField(_("Polio"), max_length=10, choices=Vaccination.choices, blank=True)
    covid = models.CharField(_("COVID-19"), max_length=10, choices=Vaccination.choices, blank=True)
    tb_agreed = models.BooleanField(
        _("I will have a blood test for tuberculosis within 90 days of arrival"), default=False
    )

    class Meta:
        verbose_name = _("attestation")
        verbose_name_plural = _("attestations")
        constraints = [
            models.CheckConstraint(
                name="attestation_answers_known",
                condition=Q(
                    outside_us__in=["", *Yes.values],
                    passport_valid__in=["", *Yes.values],
                    other_country__in=["", *Yes.values],
                    removal_order__in=["", *Yes.values],
                    irregular_entry__in=["", *Yes.values],
                    irregular_returned__in=["", *Yes.values],
                    interdicted__in=["", *Yes.values],
                    flies_on_own__in=["", *Yes.values],
                    measles__in=["", *Vaccination.values],
                    polio__in=["", *Vaccination.values],
                    covid__in=["", *Vaccination.values],
                ),
            )
        ]

    def __str__(self):
        return str(self.beneficiary)


class Correction(models.Model):
    """Where the person says something else than the supporter wrote. An officer looks at each."""

    beneficiary = models.ForeignKey(
        Beneficiary, on_delete=models.PROTECT, related_name="corrections"
    )
    field = models.CharField(max_length=30)
    before = models.CharField(_("the supporter wrote"), max_length=300, blank=True)
    after = models.CharField(_("the person says"), max_length=300, blank=True)
    made_at = models.DateTimeField(db_default=Now())
    verdict = models.CharField(
        max_length=12,
        choices=[("accepted", _("Accepted")), ("not_accepted", _("Not accepted"))],
        blank=True,
    )
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    judged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["beneficiary", "field"], name="correction_once_a_field"
            ),
            models.CheckConstraint(
                name="correction_verdict_known",
                condition=Q(verdict__in=["", "accepted", "not_accepted"]),
            ),
            models.CheckConstraint(
                name="correction_judged_has_who_and_when",
                condition=Q(verdict="", judged_by=None, judged_at=None)
                | (~Q(verdict="") & Q(judged_by__isnull=False, judged_at__isnull=False)),
            ),
        ]

    def __str__(self):
        return self.field
