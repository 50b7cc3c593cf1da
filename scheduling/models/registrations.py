from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cbpone.audit.models import Access
from cbpone.audit.triggers import moves_along, set_once, undeletable
from cbpone.travelers.choices import Relation
from cbpone.travelers.models import Traveler
from scheduling.models.ports import Port
from scheduling.statuses import REGISTRATION_MOVES, Criterion, RegistrationStatus, USAddress


class RegimeQuerySet(models.QuerySet):
    def in_force(self, day):
        running = self.filter(in_force_from__lte=day).filter(
            Q(in_force_until=None) | Q(in_force_until__gt=day)
        )
        return running.order_by("-in_force_from").first()


class Regime(models.Model):
    """The entry rule of a time: from when until when, where it is written, and what it asks."""

    code = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=120)
    source = models.CharField(_("where it is written"), max_length=200)
    in_force_from = models.DateField(_("in force from"))
    in_force_until = models.DateField(_("in force until"), null=True, blank=True)
    criteria = ArrayField(models.CharField(max_length=20, choices=Criterion.choices))

    objects = RegimeQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry rule")
        verbose_name_plural = _("entry rules")
        ordering = ["in_force_from"]
        constraints = [
            models.CheckConstraint(
                name="regime_ends_after_it_begins",
                condition=Q(in_force_until=None) | Q(in_force_until__gt=models.F("in_force_from")),
            )
        ]

    def __str__(self):
        return self.name


class RegistrationQuerySet(models.QuerySet):
    def live(self):
        return self.exclude(status=RegistrationStatus.WITHDRAWN)

    def visible_to(self, user):
        """Your own; for officers those with an appointment at a port of theirs or who came there
        without one, and cases they were let see.
        """
        if not user.is_staff:
            return self.filter(owner=user)
        if user.sees_every_port:
            return self
        ports = Port.objects.visible_to(user)
        opened = Access.objects.open_for(user).values("case")
        at_port = Q(appointments__slot__port__in=ports) | Q(walk_ins__port__in=ports)
        seen = at_port | Q(urgent_requests__port__in=ports) | Q(reference__in=opened)
        return self.filter(pk__in=self.model.objects.filter(seen).values("pk"))


class Registration(models.Model):
    """One family that asks for one appointment. Seniority counts from the first signature."""

    reference = models.CharField(_("registration number"), max_length=11, unique=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="registrations"
    )
    status = models.CharField(
        max_length=12, choices=RegistrationStatus.choices, default=RegistrationStatus.DRAFT
    )
    started_at = models.DateTimeField(db_default=Now())
    seniority_at = models.DateTimeField(_("seniority date"), null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_name = models.CharField(max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    phone = models.CharField(_("phone"), max_length=20, blank=True)
    text_messages = models.BooleanField(_("send text messages too"), default=False)
    languages = ArrayField(
        models.CharField(max_length=20), verbose_name=_("languages"), default=list, blank=True
    )
    other_language = models.CharField(_("another language"), max_length=60, blank=True)
    emergency_name = models.CharField(_("name"), max_length=200, blank=True)
    emergency_relation = models.CharField(_("who this is to you"), max_length=60, blank=True)
    emergency_phone = models.CharField(_("phone"), max_length=20, blank=True)
    mexico_state = models.CharField(_("state"), max_length=60, blank=True)
    mexico_city = models.CharField(_("town or city"), max_length=120, blank=True)
    mexico_address = models.CharField(
        _("street, or name of the shelter"), max_length=200, blank=True
    )
    us_address_known = models.CharField(max_length=3, choices=USAddress.choices, blank=True)
    us_contact = models.CharField(_("name of the person you go to"), max_length=200, blank=True)
    us_contact_phone = models.CharField(_("their phone"), max_length=20, blank=True)
    us_street = models.CharField(_("street and number"), max_length=200, blank=True)
    us_city = models.CharField(_("city"), max_length=120, blank=True)
    us_state = models.CharField(_("state"), max_length=2, blank=True)
    us_zip = models.CharField(_("ZIP code"), max_length=10, blank=True)
    left_home_on = models.DateField(_("day you left home"), null=True, blank=True)
    entered_mexico_on = models.DateField(_("day you came to Mexico"), null=True, blank=True)
    countries_crossed = models.CharField(_("countries on the way"), max_length=300, blank=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["seniority_at"], name="registration_seniority"),
            models.Index(fields=["phone"], name="registration_phone", condition=~Q(phone="")),
            models.Index(
                fields=["mexico_address"],
                name="registration_address",
                condition=~Q(mexico_address=""),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["owner"],
                condition=~Q(status="withdrawn"),
                name="registration_one_live_an_account",
            ),
            models.CheckConstraint(
                name="registration_status_known", condition=Q(status__in=RegistrationStatus.values)
            ),
            models.CheckConstraint(
                name="registration_signed_has_seniority",
                condition=Q(status="draft", seniority_at=None, signed_at=None)
                | Q(status="registered", seniority_at__isnull=False, signed_at__isnull=False)
                | Q(status="changing", seniority_at__isnull=False)
                | Q(status="withdrawn"),
            ),
            models.CheckConstraint(
                name="registration_withdrawn_has_time",
                condition=Q(status="withdrawn", withdrawn_at__isnull=False)
                | (~Q(status="withdrawn") & Q(withdrawn_at=None)),
            ),
            models.CheckConstraint(
                name="registration_us_address_known",
                condition=Q(us_address_known__in=["", *USAddress.values]),
            ),
        ]
        triggers = [
            *undeletable(),
            moves_along(REGISTRATION_MOVES),
            set_once("seniority_at", "reference", "owner_id"),
        ]

    def __str__(self):
        return self.reference

    @property
    def case(self) -> str:
        return self.reference

    @property
    def is_ready(self) -> bool:
        return self.status == RegistrationStatus.REGISTERED

    @property
    def is_changing(self) -> bool:
        return self.status == RegistrationStatus.CHANGING

    @property
    def is_live(self) -> bool:
        return self.status != RegistrationStatus.WITHDRAWN

    @property
    def clock_port(self) -> Port | None:
        """The port whose clock this family's times are shown in: the first choice."""
        first = self.preferences.select_related("port").first()
        return first.port if first else None

    def people(self):
        return self.members.present().select_related("traveler")


class MemberQuerySet(models.QuerySet):
    def present(self):
        return self.filter(left_at=None).order_by("position")


class Member(models.Model):
    """A traveler's place in a family. Holding the identity is what makes a person live once."""

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="members")
    traveler = models.OneToOneField(Traveler, on_delete=models.PROTECT, related_name="member")
    relation = models.CharField(_("relation"), max_length=12, choices=Relation.choices)
    position = models.PositiveSmallIntegerField()
    joined_at = models.DateTimeField(db_default=Now())
    left_at = models.DateTimeField(null=True, blank=True)
    photo_at_port = models.BooleanField(
        default=False, help_text=_("An officer takes the photo at the port.")
    )
    identity = models.CharField(max_length=64, blank=True)
    holds_identity = models.BooleanField(default=False)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("family member")
        verbose_name_plural = _("family members")
        ordering = ["registration", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["identity"],
                condition=Q(holds_identity=True),
                name="member_identity_live_once",
            ),
            models.UniqueConstraint(
                fields=["registration", "position"],
                condition=Q(left_at=None),
                name="member_position_once",
            ),
            models.CheckConstraint(
                name="member_family_of_ten",
                condition=Q(position__range=(1, settings.FAMILY_MOST_PEOPLE)),
            ),
            models.CheckConstraint(
                name="member_head_is_first",
                condition=Q(position=1, relation="head") | (~Q(position=1) & ~Q(relation="head")),
            ),
            models.CheckConstraint(
                name="member_relation_known", condition=Q(relation__in=Relation.values)
            ),
            models.CheckConstraint(
                name="member_holder_is_present_and_known",
                condition=Q(holds_identity=False) | (Q(left_at=None) & ~Q(identity="")),
            ),
        ]
        triggers = undeletable()

    def __str__(self):
        return str(self.traveler)


class PortPreference(models.Model):
    """A port the family would like, first choice first."""

    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="preferences"
    )
    port = models.ForeignKey(Port, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["registration", "rank"], name="preference_rank_once"),
            models.UniqueConstraint(fields=["registration", "port"], name="preference_port_once"),
            models.CheckConstraint(
                name="preference_three_at_most", condition=Q(rank__range=(1, 3))
            ),
        ]

    def __str__(self):
        return f"{self.rank} {self.port}"


class RuleAnswer(models.Model):
    """What the family answered to the questions of the entry rule in force at that time."""

    registration = models.OneToOneField(
        Registration, on_delete=models.CASCADE, related_name="rule_answer"
    )
    regime = models.ForeignKey(Regime, on_delete=models.PROTECT, related_name="+")
    criteria = ArrayField(
        models.CharField(max_length=20, choices=Criterion.choices), default=list, blank=True
    )
    none_applies = models.BooleanField(default=False)
    answered_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="rule_answer_some_or_none",
                condition=Q(none_applies=True, criteria__len=0)
                | Q(none_applies=False, criteria__len__gt=0),
            ),
            models.CheckConstraint(
                name="rule_answer_criteria_known",
                condition=Q(criteria__contained_by=Criterion.values),
            ),
        ]

    def __str__(self):
        return ", ".join(self.criteria)
