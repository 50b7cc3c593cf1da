import logging
from functools import partial
from smtplib import SMTPException

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cbpone.audit.log import record
from cbpone.audit.verbs import Verb

log = logging.getLogger(__name__)
NOTICES = ("account/email/email_changed",)  # nobody waits for them


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": _("That is not the code. Look at the newest e-mail."),
        "too_many_login_attempts": _(
            "There were many tries. Wait 10 minutes, then ask for a new code."
        ),
        "rate_limited": _("There were many tries. Wait a few minutes, then go on."),
        "email_taken": _("This address belongs to another account. Use a different one."),
        "duplicate_email": _("This is the address you have already."),
        "same_as_current": _("This is the address you have already."),
    }

    def send_mail(self, template_prefix, email, context):
        """A mail server that does not answer is told to the person, not thrown at them."""
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError) as error:
            # Its text holds the address.
            log.error("sign-in mail not sent: %s", type(error).__name__)
            if template_prefix not in NOTICES:
                messages.error(
                    context.get("request") or self.request,
                    _("We could not send the e-mail just now. Wait a minute, then ask again."),
                )

    @transaction.atomic
    def confirm_email(self, request, email_address):
        """A new address and the event that tells of it stand together or not at all."""
        return super().confirm_email(request, email_address)

    def send_notification_mail(self, *args, **kwargs):
        transaction.on_commit(partial(super().send_notification_mail, *args, **kwargs))

    def is_open_for_signup(self, request):
        return True

    def get_login_redirect_url(self, request):
        """Officers go to their work. An address that was asked for before signing in goes first."""
        if request.user.is_staff:
            return reverse("officers:index")
        return super().get_login_redirect_url(request)

    def post_login(self, request, user, **values):
        """Signing in is on record, and the reader's language comes back with the account."""
        response = super().post_login(request, user, **values)
        record(Verb.SIGNED_IN, on=user, by=user)
        if not user.language:
            user.language = get_language() or settings.LANGUAGE_CODE
            user.save(update_fields=["language"])
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            user.language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,
            httponly=True,
        )
        return response
