from django.db import models
from django.utils.translation import gettext_lazy as _


class Sex(models.TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    OTHER = "other", _("Another word, or I prefer not to say")


class Document(models.TextChoices):
    PASSPORT = "passport", _("Passport")
    NATIONAL_ID = "national_id", _("National identity card")
    BIRTH_CERTIFICATE = "birth_certificate", _("Birth certificate")
    CONSULAR_ID = "consular_id", _("Consular card")
    OTHER = "other", _("Another document")


class MaritalStatus(models.TextChoices):
    SINGLE = "single", _("Single")
    MARRIED = "married", _("Married")
    PARTNER = "partner", _("Living as a couple")
    SEPARATED = "separated", _("Separated or divorced")
    WIDOWED = "widowed", _("Widowed")


class EyeColor(models.TextChoices):
    BROWN = "brown", _("Brown")
    BLACK = "black", _("Black")
    HAZEL = "hazel", _("Hazel")
    GREEN = "green", _("Green")
    BLUE = "blue", _("Blue")
    GRAY = "gray", _("Gray")


class HairColor(models.TextChoices):
    BLACK = "black", _("Black")
    BROWN = "brown", _("Brown")
    BLOND = "blond", _("Blond")
    RED = "red", _("Red")
    GRAY = "gray", _("Gray or white")
    NONE = "none", _("No hair")


class Relation(models.TextChoices):
    """To the person who signs, the head of the registration."""

    HEAD = "head", _("You, who sign for the family")
    SPOUSE = "spouse", _("Wife, husband or partner")
    CHILD = "child", _("Child")
    PARENT = "parent", _("Parent")
    SIBLING = "sibling", _("Sister or brother")
    GRANDPARENT = "grandparent", _("Grandparent")
    GRANDCHILD = "grandchild", _("Grandchild")
    OTHER = "other", _("Another relation")
