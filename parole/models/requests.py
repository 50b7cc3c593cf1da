from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cbpone.audit.models import Access
from cbpone.audit.triggers import frozen, moves_along, set_once, undeletable
from parole.choices import FilerType, Lives, Picked, PrincipalRelation, Yes
from parole.models.processes import Process
from parole.models.selections import Selection
from parole.statuses import IN_REVIEW, OPEN, REQUEST_MOVES, RequestStatus


def text(label, longest=4000):
    return models.TextField(label, blank=True, max_length=longest)


def line(label, longest=200):
    return models.CharField(label, max_length=longest, blank=True)


class SupportRequestQuerySet(models.QuerySet):
    def open(self):
        return self.filter(status__in=OPEN)

    def filed(self):
        return self.exclude(filed_at=None)

    def of_supporter(self, user):
        return self.filter(owner=user)

    def visible_to(self, user):
        """Your own; for reviewers what is in review or was theirs, and cases they were let see.

        Those who look after the reviews see everything that was filed.
        """
        if not user.is_staff:
            return self.filter(owner=user)
        if not user.has_perm("parole.view_supportrequest"):
            return self.none()
        if user.has_perm("parole.view_every_request"):
            return self.filed()
        opened = Access.objects.open_for(user).values("case")
        queue = Q(status__in=IN_REVIEW) | Q(taken_by=user) | Q(decided_by=user)
        return self.filed().filter(queue | Q(reference__in=opened))


class SupportRequest(models.Model):
    """One supporter's request for one beneficiary (Form I-134A, OMB 1615-0157)."""

    reference = models.CharField(_("receipt number"), max_length=11, unique=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="support_requests"
    )
    status = models.CharField(
        max_length=14, choices=RequestStatus.choices, default=RequestStatus.DRAFT
    )
    process = models.ForeignKey(
        Process, null=True, blank=True, on_delete=models.PROTECT, related_name="requests"
    )
    # Immediate family of another nationality travels under the process of this request's person.
    principal = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="family_requests"
    )
    principal_relation = models.CharField(
        max_length=10, choices=PrincipalRelation.choices, blank=True
    )
    started_at = models.DateTimeField(db_default=Now())

    filer_type = models.CharField(max_length=14, choices=FilerType.choices, blank=True)
    organization = line(_("name of the organization"))
    organization_contact = line(_("who to speak with there"))
    has_preparer = models.CharField(max_length=3, choices=Yes.choices, blank=True)
    preparer_name = line(_("name of the person who helped you fill this in"))
    preparer_phone = line(_("their phone"), 20)

    lives = models.CharField(max_length=10, choices=Lives.choices, blank=True)
    housing_street = line(_("street and number"))
    housing_city = line(_("city"), 120)
    housing_state = line(_("state"), 2)
    housing_zip = line(_("ZIP code"), 10)
    bedrooms = models.PositiveSmallIntegerField(_("bedrooms"), null=True, blank=True)
    occupants = models.PositiveSmallIntegerField(
        _("people who live there now"), null=True, blank=True
    )
    plan_reception = text(_("Who meets the person, and where do they go first?"))
    plan_housing = text(_("Where will the person live, and for how long?"))
    plan_work = text(_("How do you help with work papers, a job, and English?"))
    plan_school = text(_("How do you help with school and services?"))
    plan_health = text(_("How do you help with health care?"))
    # Of the plan's words, so that near-identical texts are found: see parole.similar.
    text_bands = ArrayField(models.BigIntegerField(), default=list, blank=True)
    # Of the housing, as `address_key` of the supporter: see parole.addresses.
    housing_key = models.CharField(max_length=64, blank=True, editable=False)

    # Filed
    filing_number = models.PositiveIntegerField(null=True, blank=True, unique=True)
    filed_at = models.DateTimeField(null=True, blank=True)
    filed_ip = models.GenericIPAddressField(null=True, blank=True)
    signed_name = line(_("signature"))
    pair_key = models.CharField(max_length=64, blank=True, editable=False)

    # Chosen
    selection = models.ForeignKey(
        Selection, null=True, blank=True, on_delete=models.PROTECT, related_name="requests"
    )
    picked = models.CharField(_("chosen"), max_length=5, choices=Picked.choices, blank=True)
    picked_rank = models.PositiveIntegerField(null=True, blank=True)

    # Reviewed
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    taken_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = SupportRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("support request")
        verbose_name_plural = _("support requests")
        ordering = ["-id"]
        permissions = [
            ("review_supportrequest", "Can take and review support requests"),
            ("agree_decision", "Can agree to a refusal somebody else proposed"),
            ("view_every_request", "Can look at every request that was filed"),
        ]
        indexes = [
            models.Index(
                fields=["process", "filing_number"],
                name="request_pool",
                condition=Q(status="pending"),
            ),
            models.Index(
                fields=["selection", "picked_rank"],
                name="request_review",
                condition=Q(status__in=IN_REVIEW),
            ),
            models.Index(fields=["filed_ip"], name="request_ip"),
            models.Index(
                fields=["housing_key"], name="request_housing", condition=~Q(housing_key="")
            ),
            models.Index(
                fields=["filing_number"], name="request_received", condition=Q(status="received")
            ),
            models.Index(fields=["status", "id"], name="request_status"),
            GinIndex(fields=["text_bands"], name="request_text_bands"),
        ]
        constraints = [
            models.CheckConstraint(
                name="request_status_known", condition=Q(status__in=RequestStatus.values)
            ),
            models.UniqueConstraint(
                fields=["pair_key"],
                condition=Q(status__in=OPEN),
                name="request_one_open_a_pair",
            ),
            models.CheckConstraint(
                name="request_filed_is_whole",
                condition=Q(status="draft", filed_at=None, filing_number=None)
                | Q(status="withdrawn", filed_at=None, filing_number=None)
                | Q(
                    ~Q(status="draft"),
                    ~Q(pair_key=""),
                    ~Q(signed_name=""),
                    filed_at__isnull=False,
                    filing_number__isnull=False,
                    process__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="request_principal_has_relation",
                condition=Q(principal=None, principal_relation="")
                | Q(principal__isnull=False, principal_relation__in=PrincipalRelation.values),
            ),
            models.CheckConstraint(
                name="request_principal_is_another", condition=~Q(principal=F("id"))
            ),
            models.CheckConstraint(
                name="request_picked_is_whole",
                condition=Q(selection=None, picked="", picked_rank=None)
                | Q(
                    selection__isnull=False,
                    picked__in=Picked.values,
                    picked_rank__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="request_reviewed_was_picked",
                condition=~Q(status__in=[*IN_REVIEW, "confirmed", "not_confirmed"])
                | Q(selection__isnull=False),
            ),
            models.CheckConstraint(
                name="request_taken_has_who_and_when",
                condition=Q(taken_by=None, taken_at=None)
                | Q(taken_by__isnull=False, taken_at__isnull=False),
            ),
            models.CheckConstraint(
                name="request_nobody_reviews_their_own", condition=~Q(taken_by=F("owner"))
            ),
            models.CheckConstraint(
                name="request_decided_has_who_and_when",
                condition=Q(decided_by=None, decided_at=None)
                | Q(
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    status__in=["confirmed", "not_confirmed", "withdrawn"],
                ),
            ),
            models.CheckConstraint(
                name="request_decision_is_signed",
                condition=~Q(status__in=["confirmed", "not_confirmed"])
                | Q(decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="request_withdrawn_has_time",
                condition=Q(status="withdrawn", withdrawn_at__isnull=False)
                | (~Q(status="withdrawn") & Q(withdrawn_at=None)),
            ),
            models.CheckConstraint(
                name="request_choices_known",
                condition=Q(
                    filer_type__in=["", *FilerType.values],
                    has_preparer__in=["", *Yes.values],
                    lives__in=["", *Lives.values],
                ),
            ),
        ]
        triggers = [
            *undeletable(),
            moves_along(REQUEST_MOVES),
            set_once("reference", "owner_id", "filing_number", "filed_at", "selection_id"),
            frozen(
                "filed",
                "process_id", "principal_id", "filer_type", "organization", "lives",
                "housing_street", "housing_city", "housing_state", "housing_zip", "bedrooms",
                "occupants", "plan_reception", "plan_housing", "plan_work", "plan_school",
                "plan_health", "signed_name", "pair_key", "filed_ip",
                when="OLD.filed_at IS NOT NULL",
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.reference

    @property
    def case(self) -> str:
        return self.reference

    @property
    def phone(self) -> str:
        return self.supporter.phone

    @property
    def text_messages(self) -> bool:
        return self.supporter.text_messages

    @property
    def is_draft(self) -> bool:
        return self.status == RequestStatus.DRAFT

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def plan(self) -> str:
        """All the free text of the plan, as one."""
        parts = (
            self.plan_reception,
            self.plan_housing,
            self.plan_work,
            self.plan_school,
            self.plan_health,
        )
        return "\n".join(part for part in parts if part)


class ParolePage(models.Model):
    """One page of a request or of a beneficiary: when it was saved, what could not be.

    `typed` keeps a form with a mistake in it across sign-out and devices, until it is mended.
    """

    request = models.ForeignKey(
        SupportRequest, null=True, blank=True, on_delete=models.CASCADE, related_name="pages"
    )
    beneficiary = models.ForeignKey(
        "parole.Beneficiary", null=True, blank=True, on_delete=models.CASCADE, related_name="pages"
    )
    key = models.CharField(max_length=20)
    saved_at = models.DateTimeField(null=True, blank=True)
    typed = models.JSONField(null=True, blank=True)
    typed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("page of a request")
        verbose_name_plural = _("pages of requests")
        constraints = [
            models.UniqueConstraint(
                fields=["request", "beneficiary", "key"],
                name="parole_page_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="parole_page_of_one_side",
                condition=Q(request=None, beneficiary__isnull=False)
                | Q(request__isnull=False, beneficiary=None),
            ),
            models.CheckConstraint(
                name="parole_page_typed_has_time",
                condition=Q(typed=None, typed_at=None)
                | Q(typed__isnull=False, typed_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.key
