import uuid
from datetime import date
from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Func, Q, Value
from django.db.models.functions import Concat, Lower
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from cbpone.travelers.choices import Document, EyeColor, HairColor, MaritalStatus, Sex
from cbpone.travelers.identity import identity_of
from cbpone.travelers.spelling import LETTERS, PLAIN

CHOOSE: Any = _("Choose")  # lazy, which the stubs of the field do not know


def _plain_name():
    """The whole name, spelled plainly. A generated column cannot name another one."""
    whole = Concat("given_names", Value(" "), "surnames", Value(" "), "other_names")
    return Func(Lower(whole), Value(LETTERS), Value(PLAIN), function="translate")


# Every word of a name that somebody bears, once or now and then twice. Without a unique key on
# purpose: two people who save a new name at once would wait for each other.
LEARN = """
INSERT INTO travelers_nameword (word)
SELECT DISTINCT word FROM unnest(NEW.search_words) AS word
 WHERE word <> '' AND NOT EXISTS (SELECT FROM travelers_nameword k WHERE k.word = word.word);
RETURN NULL;
"""
DOCUMENT_KEY = "translate(regexp_replace(upper(%(expressions)s), '[^A-Z0-9]', '', 'g'), 'OI', '01')"


class DocumentKey(Func):
    """Letters and digits alone, in one case, O as 0 and I as 1, as in officers.duplicates."""

    template = DOCUMENT_KEY
    output_field = models.TextField()


def _choice(choices, label):
    return models.CharField(label, max_length=20, choices=choices, blank=True)


class Traveler(models.Model):
    """Who a person is. Fields follow OMB 1651-0140; only what the form needs is ever required.

    Height in centimetres, weight in kilograms.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    given_names = models.CharField(_("given names"), max_length=200, blank=True)
    surnames = models.CharField(_("surnames"), max_length=200, blank=True)
    other_names = models.CharField(_("other names"), max_length=200, blank=True)
    search_name = models.GeneratedField(
        expression=_plain_name(), output_field=models.TextField(), db_persist=True
    )
    search_words = models.GeneratedField(
        expression=Func(_plain_name(), Value(" "), function="string_to_array"),
        output_field=ArrayField(models.TextField()),
        db_persist=True,
    )
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    sex = _choice(Sex.choices, _("sex"))
    birth_city = models.CharField(_("town or village of birth"), max_length=120, blank=True)
    birth_country = CountryField(_("country of birth"), blank=True, blank_label=CHOOSE)
    nationality = CountryField(_("nationality"), blank=True, blank_label=CHOOSE)
    other_nationality = CountryField(_("another nationality"), blank=True, blank_label=CHOOSE)
    residence_country = CountryField(
        _("country where you lived before"), blank=True, blank_label=CHOOSE
    )
    document_type = _choice(Document.choices, _("document"))
    document_number = models.CharField(_("document number"), max_length=40, blank=True)
    document_country = CountryField(
        _("country that gave the document"), blank=True, blank_label=CHOOSE
    )
    document_expires_on = models.DateField(_("valid until"), null=True, blank=True)
    marital_status = _choice(MaritalStatus.choices, _("marital status"))
    height_cm = models.PositiveSmallIntegerField(_("height in centimetres"), null=True, blank=True)
    weight_kg = models.PositiveSmallIntegerField(_("weight in kilograms"), null=True, blank=True)
    eye_color = _choice(EyeColor.choices, _("eye color"))
    hair_color = _choice(HairColor.choices, _("hair color"))
    parents_names = models.CharField(_("names of the parents"), max_length=300, blank=True)
    occupation = models.CharField(_("work"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("traveler")
        verbose_name_plural = _("travelers")
        indexes = [
            GinIndex(fields=["search_words"], name="traveler_names", fastupdate=False),
            models.Index(fields=["birth_date"], name="traveler_born"),
            models.Index(
                OpClass(DocumentKey("document_number"), "text_pattern_ops"),
                condition=~Q(document_number=""),
                name="traveler_document",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="learn_names",
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("given_names", "surnames", "other_names"),
                when=pgtrigger.After,
                func=LEARN,
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="traveler_sex_known", condition=Q(sex__in=["", *Sex.values])
            ),
            models.CheckConstraint(
                name="traveler_document_known",
                condition=Q(document_type__in=["", *Document.values]),
            ),
            models.CheckConstraint(
                name="traveler_document_has_type",
                condition=Q(document_number="") | ~Q(document_type=""),
                violation_error_message=_("Say which document this number is from."),
            ),
            models.CheckConstraint(
                name="traveler_born_in_living_memory",
                condition=Q(birth_date=None) | Q(birth_date__gte=date(1900, 1, 1)),
            ),
            models.CheckConstraint(
                name="traveler_height_possible",
                condition=Q(height_cm=None) | Q(height_cm__range=(20, 260)),
                violation_error_message=_("Height is in centimetres, from 20 to 260."),
            ),
            models.CheckConstraint(
                name="traveler_weight_possible",
                condition=Q(weight_kg=None) | Q(weight_kg__range=(1, 400)),
                violation_error_message=_("Weight is in kilograms, from 1 to 400."),
            ),
        ]

    def __str__(self):
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.given_names} {self.surnames}".strip()

    @property
    def identity(self) -> str:
        return identity_of(self)

    def age_on(self, day: date) -> int | None:
        if not self.birth_date:
            return None
        birthday_later = (day.month, day.day) < (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - birthday_later


class NameWord(models.Model):
    """A word of somebody's name, so that a misspelled one is found among all that there are.

    Kept up by the trigger of `Traveler`. `sound` is its sound as in travelers_sound().
    """

    word = models.TextField()
    sound = models.GeneratedField(
        expression=Func("word", function="travelers_sound"),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("word of a name")
        verbose_name_plural = _("words of names")
        indexes = [
            models.Index(OpClass("word", "text_pattern_ops"), name="nameword_word"),
            models.Index(fields=["sound"], name="nameword_sound"),
            GinIndex(OpClass("word", "gin_trgm_ops"), name="nameword_alike"),
        ]

    def __str__(self):
        return self.word
