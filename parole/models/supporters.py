"""What a supporter says of themselves, of others who help, and of money."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Func, Q, Value
from django.db.models.functions import Concat, Lower
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from cbpone.travelers.choices import Sex
from cbpone.travelers.spelling import LETTERS, PLAIN
from parole.choices import FormType, SupporterStatus, Yes
from parole.models.requests import SupportRequest, line

CHOOSE: Any = _("Choose")  # lazy, which the stubs of the field do not know
MOST_DOLLARS = 1_000_000_000


def dollars(label):
    """Whole U.S. dollars."""
    return models.PositiveIntegerField(label, null=True, blank=True)


class Supporter(models.Model):
    """Who supports, as written on one request. The Social Security number is kept sealed.

    `ssn_digest` finds the same number again without anybody reading it; `ssn_last` is what
    officers see. `address_key` and the other keys are made for finding clusters.
    """

    request = models.OneToOneField(
        SupportRequest, on_delete=models.PROTECT, related_name="supporter"
    )
    given_names = line(_("given names"))
    surnames = line(_("surnames"))
    # Without accents, case, spaces and signs: one name however it is spelled.
    plain_name = models.GeneratedField(
        expression=Func(
            Func(
                Lower(Concat("given_names", "surnames")),
                Value(LETTERS),
                Value(PLAIN),
                function="translate",
            ),
            Value(r"[\s[:punct:]]+"),
            Value(""),
            Value("g"),
            function="regexp_replace",
        ),
        output_field=models.TextField(),
        db_persist=True,
    )
    other_names = line(_("other names you have used"))
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    sex = models.CharField(_("sex"), max_length=20, choices=Sex.choices, blank=True)
    birth_country = CountryField(_("country of birth"), blank=True, blank_label=CHOOSE)
    citizenship = CountryField(_("citizenship"), blank=True, blank_label=CHOOSE)
    status = models.CharField(max_length=14, choices=SupporterStatus.choices, blank=True)
    status_expires_on = models.DateField(_("valid until"), null=True, blank=True)
    a_number = line(_("A-number"), 20)
    uscis_account = line(_("USCIS online account number"), 20)
    ssn_sealed = models.BinaryField(blank=True, default=bytes)
    ssn_digest = models.CharField(max_length=64, blank=True)
    ssn_last = models.CharField(max_length=4, blank=True)

    street = line(_("street and number"))
    city = line(_("city"), 120)
    state = line(_("state"), 2)
    zip = line(_("ZIP code"), 10)
    mailing_same = models.CharField(max_length=3, choices=Yes.choices, blank=True)
    mailing_street = line(_("street and number, or P.O. box"))
    mailing_city = line(_("city"), 120)
    mailing_state = line(_("state"), 2)
    mailing_zip = line(_("ZIP code"), 10)
    phone = line(_("phone"), 20)
    text_messages = models.BooleanField(_("send text messages too"), default=False)
    email = models.EmailField(_("e-mail address"), blank=True)
    address_key = models.CharField(max_length=64, blank=True)

    employment = models.CharField(
        max_length=14,
        choices=[
            ("employed", _("I have a job")),
            ("self_employed", _("I work for myself")),
            ("retired", _("I am retired")),
            ("none", _("None of these")),
        ],
        blank=True,
    )
    employer = line(_("employer or business"))
    occupation = line(_("work"))
    annual_income = dollars(_("your income in a year"))
    household_size = models.PositiveSmallIntegerField(
        _("people in your household"), null=True, blank=True, help_text=_("Yourself included.")
    )
    household_income = dollars(_("income of the whole household in a year"))
    dependants = models.PositiveSmallIntegerField(
        _("people who depend on your money"), null=True, blank=True
    )
    tax_year = models.PositiveSmallIntegerField(_("tax year"), null=True, blank=True)
    tax_income = dollars(_("total income on that tax return"))
    bank = dollars(_("money in bank accounts"))
    real_estate = dollars(_("value of houses or land, without the mortgage"))
    securities = dollars(_("stocks, bonds and the like"))
    other_assets = dollars(_("other things of value"))

    class Meta:
        verbose_name = _("supporter")
        verbose_name_plural = _("supporters")
        indexes = [
            models.Index(fields=["ssn_digest"], name="supporter_ssn", condition=~Q(ssn_digest="")),
            models.Index(
                fields=["address_key"], name="supporter_address", condition=~Q(address_key="")
            ),
            models.Index(fields=["phone"], name="supporter_phone", condition=~Q(phone="")),
            models.Index(fields=["a_number"], name="supporter_a_number", condition=~Q(a_number="")),
            models.Index(fields=["email"], name="supporter_email", condition=~Q(email="")),
            models.Index(fields=["birth_date", "plain_name"], name="supporter_person"),
        ]
        constraints = [
            models.CheckConstraint(
                name="supporter_choices_known",
                condition=Q(
                    sex__in=["", *Sex.values],
                    status__in=["", *SupporterStatus.values],
                    mailing_same__in=["", *Yes.values],
                    employment__in=["", "employed", "self_employed", "retired", "none"],
                ),
            ),
            models.CheckConstraint(
                name="supporter_ssn_is_whole",
                condition=Q(ssn_digest="", ssn_last="") | (~Q(ssn_digest="") & ~Q(ssn_last="")),
            ),
            models.CheckConstraint(
                name="supporter_born_in_living_memory",
                condition=Q(birth_date=None) | Q(birth_date__gte=date(1900, 1, 1)),
            ),
            models.CheckConstraint(
                name="supporter_money_possible",
                condition=Q(annual_income=None) | Q(annual_income__lte=MOST_DOLLARS),
            ),
            models.CheckConstraint(
                name="supporter_household_possible",
                condition=Q(household_size=None) | Q(household_size__range=(1, 40)),
            ),
        ]

    def __str__(self):
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.given_names} {self.surnames}".strip()

    @property
    def assets(self) -> int:
        values = (self.bank, self.real_estate, self.securities, self.other_assets)
        return sum(value or 0 for value in values)

    @property
    def income(self) -> int:
        """Dollars a year that the household lives on."""
        return max(self.annual_income or 0, self.household_income or 0)


class CoSupporter(models.Model):
    """Somebody who supports together with the one who files."""

    request = models.ForeignKey(
        SupportRequest, on_delete=models.CASCADE, related_name="co_supporters"
    )
    given_names = line(_("given names"))
    surnames = line(_("surnames"))
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    status = models.CharField(max_length=14, choices=SupporterStatus.choices, blank=True)
    relation = line(_("who this is to you"), 60)
    annual_income = dollars(_("their income in a year"))

    class Meta:
        verbose_name = _("co-supporter")
        verbose_name_plural = _("co-supporters")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="co_supporter_status_known",
                condition=Q(status__in=["", *SupporterStatus.values]),
            )
        ]

    def __str__(self):
        return f"{self.given_names} {self.surnames}".strip()


class Carried(models.Model):
    """Somebody the supporter already supports, or has asked to, outside this portal."""

    request = models.ForeignKey(SupportRequest, on_delete=models.CASCADE, related_name="carried")
    name = line(_("name"))
    form = models.CharField(max_length=6, choices=FormType.choices, blank=True)
    filed_on = models.DateField(_("day it was filed"), null=True, blank=True)

    class Meta:
        verbose_name = _("person already supported")
        verbose_name_plural = _("people already supported")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="carried_form_known", condition=Q(form__in=["", *FormType.values])
            ),
            models.CheckConstraint(name="carried_has_name", condition=~Q(name="")),
        ]

    def __str__(self):
        return self.name
