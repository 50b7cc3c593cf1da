import json
import uuid

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from cbpone.accounts.choices import WhyKept
from cbpone.audit.triggers import set_once
from cbpone.lib.vault import unseal_bytes

MOST_FILE_BYTES = 25 * 1024 * 1024


class UserManager(BaseUserManager):
    def create_user(self, email: str, **values):
        user: User = self.model(  # type: ignore[assignment]
            email=self.normalize_email(email).lower(), **values
        )
        user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, **values):
        values.pop("password", None)
        return self.create_user(email, is_staff=True, is_superuser=True, **values)


class User(AbstractBaseUser, PermissionsMixin):
    """Who can sign in. Applicants, helpers and officers alike; nobody has a password."""

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=254)
    name = models.CharField(_("name"), max_length=150, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    is_staff = models.BooleanField(_("officer"), default=False)
    is_active = models.BooleanField(_("may sign in"), default=True)
    date_joined = models.DateTimeField(db_default=Now(), editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                violation_error_message=_("There is an account with this e-mail address."),
            ),
        ]

    def __str__(self):
        return self.name or self.email

    @property
    def sees_every_port(self) -> bool:
        """Auditors look everywhere; superusers too. Everyone else sees the ports of their posts."""
        return self.is_superuser or self.has_perm("scheduling.view_every_port")

    def get_full_name(self):
        return str(self)

    def get_short_name(self):
        return str(self)


class RecoveryCode(models.Model):
    """A printed code that signs a person in once, when mailbox and phone are lost."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recovery_codes"
    )
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(db_default=Now())
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")

    def __str__(self):
        return str(self.made_at)


class KeptFormQuerySet(models.QuerySet):
    def waiting(self):
        """Neither sent nor left by the person."""
        return self.filter(used_at=None)


class KeptForm(models.Model):
    """What somebody sent when it could not be taken: until they have looked at it and press again.

    `sealed` holds what was typed, `page` is where the form stood; both only this person sees.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="kept_forms"
    )
    path = models.CharField(max_length=1000)
    page = models.CharField(max_length=1000)
    sealed = models.BinaryField()
    why = models.CharField(max_length=10, choices=WhyKept.choices)
    made_at = models.DateTimeField(db_default=Now())
    sending_at = models.DateTimeField(null=True, blank=True)  # a press is under way
    used_at = models.DateTimeField(null=True, blank=True)

    objects = KeptFormQuerySet.as_manager()

    class Meta:
        verbose_name = _("kept form")
        verbose_name_plural = _("kept forms")
        indexes = [
            models.Index(fields=["user", "-made_at"], name="kept_form_of_user"),
            models.Index(fields=["made_at"], name="kept_form_made"),
        ]
        constraints = [
            models.CheckConstraint(name="kept_form_why_known", condition=Q(why__in=WhyKept.values)),
            models.CheckConstraint(
                name="kept_form_path_is_ours",
                condition=Q(path__startswith="/", page__startswith="/")
                & ~Q(path__startswith="//")
                & ~Q(page__startswith="//"),
            ),
            models.CheckConstraint(
                name="kept_form_used_after_it_was_made",
                condition=Q(used_at=None) | Q(used_at__gte=F("made_at")),
            ),
        ]
        triggers = [set_once("used_at", "user_id", "path", "page", "sealed", "why", "made_at")]

    def __str__(self):
        return str(self.reference)

    @property
    def contents(self) -> dict:
        """`typed`: lists of texts by field; `left_out`: fields that are never kept."""
        return json.loads(unseal_bytes(bytes(self.sealed)))

    @property
    def place(self) -> str:
        return self.path.partition("?")[0]


class KeptFile(models.Model):
    """A file that came with a kept form. Its name is sealed as its bytes are."""

    form = models.ForeignKey(KeptForm, on_delete=models.CASCADE, related_name="files")
    field = models.CharField(max_length=100)
    label = models.BinaryField()
    size = models.PositiveIntegerField()  # bytes
    sealed = models.BinaryField()

    class Meta:
        verbose_name = _("kept file")
        verbose_name_plural = _("kept files")
        constraints = [
            models.UniqueConstraint(fields=["form", "field"], name="kept_file_once_a_field"),
            models.CheckConstraint(
                name="kept_file_size_possible", condition=Q(size__range=(1, MOST_FILE_BYTES))
            ),
        ]
        triggers = [set_once("sealed", "label", "size", "field")]

    def __str__(self):
        return f"{self.field}: {self.size}"

    @property
    def name(self) -> str:
        return self._named["name"]

    @property
    def _named(self) -> dict:
        return json.loads(unseal_bytes(bytes(self.label)))

    def as_upload(self) -> SimpleUploadedFile:
        named = self._named
        return SimpleUploadedFile(named["name"], unseal_bytes(bytes(self.sealed)), named["type"])
