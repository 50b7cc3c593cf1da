from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.views import (
    ConfirmEmailVerificationCodeView,
    ConfirmLoginCodeView,
    EmailView,
    RequestLoginCodeView,
)
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cbpone.accounts.entry import make_recovery_codes, open_account, use_recovery_code
from cbpone.lib.errors import Refused
from cbpone.lib.forms import AskingForm
from cbpone.lib.limits import TooMany, count_try
from cbpone.lib.typed import sent

CODE_TRIES, CODE_SECONDS = 5, 900
RESENDS, RESEND_SECONDS = 6, 600


class EnterView(RequestLoginCodeView):
    """Sign in and sign up are one page: a code goes to the address, whoever it belongs to."""

    def form_valid(self, form):
        if form._user is None:
            email = form.cleaned_data["email"]
            form._user = open_account(email=email, language=get_language())
        return super().form_valid(form)


enter = EnterView.as_view()


class CountedCode:
    """Mixed into allauth's pages that ask for a code.

    Allauth counts in the session, where presses at the same moment do not see each other.
    """

    def post(self, request, *args, **kwargs):
        try:
            self._count()
        except TooMany:
            self._process.abort()
            messages.error(request, gettext("There were too many tries. Ask for a new code."))
            signed_in = request.user.is_authenticated
            return redirect("account_email" if signed_in else "account_login")
        return super().post(request, *args, **kwargs)

    def _count(self):
        email = self._process.state["email"].lower()
        if self._action == "resend":
            count_try("resend", email, most=RESENDS, seconds=RESEND_SECONDS)
        else:
            tried = f"{email} {self._process.code}"
            count_try("code", tried, most=CODE_TRIES, seconds=CODE_SECONDS)


class CodeView(CountedCode, ConfirmLoginCodeView):
    pass


class ForApplicants:
    """An officer's address is the key to the back office: its holder cannot move it alone."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_staff:
            return render(request, "account/email_officer.html", status=403)
        return super().dispatch(request, *args, **kwargs)


class AddressView(ForApplicants, EmailView):
    def post(self, request, *args, **kwargs):
        """A new address, and none of the other things that allauth's page can do."""
        if "action_add" not in request.POST:
            return redirect("account_email")
        return super().post(request, *args, **kwargs)


@method_decorator(login_not_required, name="dispatch")
class AddressCodeView(ForApplicants, CountedCode, ConfirmEmailVerificationCodeView):
    pass


confirm_code = CodeView.as_view()
address = AddressView.as_view()
address_code = AddressCodeView.as_view()


class RecoverForm(AskingForm, forms.Form):
    email = forms.EmailField(
        label=_("E-mail address of the account"),
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={"required": _("Enter the e-mail address you signed up with.")},
    )
    code = forms.CharField(
        label=_("One code from your sheet"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "class": "w-20"}),
        error_messages={"required": _("Enter one of the codes from your printed sheet.")},
    )
    needed = ("email", "code")


@login_not_required
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def recover(request):
    """For someone who lost mailbox and phone: one printed code signs in, once."""
    form = RecoverForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            count_try("recover", form.cleaned_data["email"].lower(), most=10, seconds=3600)
            user = use_recovery_code(**form.cleaned_data)
        except Refused as refusal:
            form.add_error("code", str(refusal))
        else:
            record_authentication(request, user, method="recovery_code")
            messages.info(
                request, gettext("You are in. If your mailbox is lost, change the address below.")
            )
            return perform_login(
                request, Login(user=user, email=user.email, redirect_url="/accounts/email/")
            )
    return render(request, "account/recover.html", {"form": form})


@never_cache
@require_http_methods(["GET", "POST"])
def recovery_codes(request):
    if request.user.is_staff:
        return redirect("officers:index")
    if request.method == "POST":
        codes = make_recovery_codes(user=request.user)
        return render(request, "account/recovery_codes.html", {"codes": codes})
    left = request.user.recovery_codes.filter(used_at=None).count()
    return render(request, "account/recovery_codes.html", {"left": left})
