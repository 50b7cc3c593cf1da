"""Tables that officers keep: what is known, so that flags point at what is not."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from parole.choices import KnownKind, StateGroup


class PovertyGuideline(models.Model):
    """HHS poverty guideline of one year: dollars a year for one person and for each further one."""

    year = models.PositiveSmallIntegerField(_("year"))
    states = models.CharField(
        _("where"), max_length=2, choices=StateGroup.choices, default=StateGroup.STATES_48
    )
    first_person = models.PositiveIntegerField(_("dollars for one person"))
    each_further = models.PositiveIntegerField(_("dollars for each further person"))
    source = models.CharField(_("where it is written"), max_length=120)

    class Meta:
        verbose_name = _("poverty guideline")
        verbose_name_plural = _("poverty guidelines")
        ordering = ["-year", "states"]
        constraints = [
            models.UniqueConstraint(fields=["year", "states"], name="guideline_once_a_year"),
            models.CheckConstraint(
                name="guideline_states_known", condition=Q(states__in=StateGroup.values)
            ),
            models.CheckConstraint(
                name="guideline_possible",
                condition=Q(year__range=(2000, 2100), first_person__gt=0, each_further__gt=0),
            ),
        ]

    def __str__(self):
        return f"{self.year} {self.get_states_display()}"

    def dollars_for(self, people: int) -> int:
        return self.first_person + self.each_further * (people - 1)


class KnownGood(models.Model):
    """A shelter, an office of helpers, a library: many requests from there are no lead."""

    kind = models.CharField(_("kind"), max_length=8, choices=KnownKind.choices)
    value = models.CharField(_("as it is compared"), max_length=254)
    name = models.CharField(_("who or what it is"), max_length=200)
    added_at = models.DateTimeField(db_default=Now())
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("known good address, phone or connection")
        verbose_name_plural = _("known good addresses, phones and connections")
        constraints = [
            models.UniqueConstraint(fields=["kind", "value"], name="known_good_once"),
            models.CheckConstraint(
                name="known_good_kind_known", condition=Q(kind__in=KnownKind.values)
            ),
        ]

    def __str__(self):
        return self.name


class NonResidential(models.Model):
    """An address where nobody lives: a warehouse, a mailbox shop, a storage unit."""

    address_key = models.CharField(max_length=64, unique=True)
    name = models.CharField(_("what it is"), max_length=200)
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("address where nobody lives")
        verbose_name_plural = _("addresses where nobody lives")

    def __str__(self):
        return self.name


class DeceasedNumber(models.Model):
    """The digest of a deceased person's Social Security number; the number itself is not kept."""

    ssn_digest = models.CharField(max_length=64, unique=True)
    imported_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("number of a deceased person")
        verbose_name_plural = _("numbers of deceased people")

    def __str__(self):
        return str(self.imported_at)


class NetworkCountry(models.Model):
    """A block of Internet addresses and its country, from an imported list."""

    network = models.CharField(max_length=43, unique=True)
    first = models.GenericIPAddressField()
    last = models.GenericIPAddressField(db_index=True)
    country = models.CharField(max_length=2)

    class Meta:
        verbose_name = _("network")
        verbose_name_plural = _("networks")

    def __str__(self):
        return f"{self.network} {self.country}"
