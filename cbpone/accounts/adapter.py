import logging
from smtplib import SMTPException

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.utils.translation import gettext_lazy as _

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    def send_mail(self, template_prefix, email, context):
        """A mail server that does not answer is told to the person, not thrown at them."""
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError):
            log.exception("sign-in mail not sent")
            messages.error(
                context.get("request") or self.request,
                _("We could not send the e-mail just now. Wait a minute, then ask again."),
            )

    def is_open_for_signup(self, request):
        return True
