"""An invitation: the page behind the link, the date of birth, and the button that accepts.

Mail programs open links and look at every page behind them. Nothing here changes by a GET.
"""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cbpone.lib.errors import Refused
from cbpone.lib.references import read_reference
from cbpone.lib.typed import sent
from parole import inviting
from parole.forms.cases import BirthDateForm, NumberForm
from parole.models import Beneficiary
from parole.references import BENEFICIARY
from parole.statuses import BeneficiaryStatus

PROVED = "invitations_proved"  # in the session: case number -> signature of the link it was for
MOST_PROVED = 20

read_or_press = require_http_methods(["GET", "HEAD", "POST"])


def _linked(reference: str, signature: str) -> Beneficiary | None:
    """The case a link is for; None for a link nobody made, or one of an older address."""
    invited = Beneficiary.objects.exclude(invited_at=None).select_related("written")
    found = invited.filter(reference=reference).first()
    return found if found and inviting.is_link_good(found, signature) else None


def _gone(request):
    return render(request, "parole/invitation_gone.html", status=404)


@login_not_required
@never_cache
@read_or_press
def invitation(request, reference, signature):
    """Says what this is about. The button leads on; opening it uses nothing up."""
    found = _linked(reference, signature)
    if not found:
        return _gone(request)
    if request.method == "POST":
        return redirect("parole:invitation_birth", reference, signature)
    is_open = found.status == BeneficiaryStatus.INVITED and found.user_id is None
    context = {
        "reference": found.reference,
        "is_open": is_open,
        "is_ended": found.status == BeneficiaryStatus.CLOSED,
    }
    return render(request, "parole/invitation.html", context)


@login_not_required
@never_cache
@sensitive_post_parameters()
@read_or_press
def invitation_birth(request, reference, signature):
    found = _linked(reference, signature)
    if not found:
        return _gone(request)
    form = BirthDateForm(sent(request))
    if request.method == "POST" and form.is_valid():
        proved = _proved(request, form, number=reference, **form.cleaned_data)
        if proved:
            return proved
    return render(request, "parole/invitation_birth.html", {"form": form, "is_linked": True})


@login_not_required
@never_cache
@sensitive_post_parameters()
@read_or_press
def invitation_start(request):
    """For whom the number reached by phone or on paper."""
    form = NumberForm(sent(request))
    if request.method == "POST" and form.is_valid():
        proved = _proved(request, form, **form.cleaned_data)
        if proved:
            return proved
    context = {
        "form": form,
        "is_linked": False,
        "is_proved": request.user.is_authenticated and bool(_waiting(request)),
    }
    return render(request, "parole/invitation_birth.html", context)


def _proved(request, form, **typed):
    """On to the account, remembered in this browser; None with the sentence beside the field."""
    try:
        found = inviting.prove(**typed)
    except Refused as refusal:
        form.add_error("birth_date", str(refusal))
        return None
    proved = {**request.session.get(PROVED, {}), found.reference: inviting.signature_for(found)}
    request.session[PROVED] = dict(list(proved.items())[-MOST_PROVED:])
    return redirect("parole:invitation_accept")


def _waiting(request) -> list[Beneficiary]:
    """Cases whose birth date was proved in this browser and that nobody has accepted yet."""
    proved = request.session.get(PROVED, {})
    rows = Beneficiary.objects.filter(
        reference__in=proved, status=BeneficiaryStatus.INVITED, user=None
    ).select_related("written", "request__supporter")
    return [row for row in rows if inviting.is_link_good(row, proved[row.reference])]


@never_cache
@read_or_press
def invitation_accept(request):
    """Signed in: who wrote, about whom, and the button that makes the case this account's."""
    waiting = _waiting(request)
    if request.method == "POST":
        chosen = [row for row in waiting if row.reference == request.POST.get("number")]
        if chosen:
            return _claim(request, chosen[0])
        number = read_reference(request.POST.get("number", ""), BENEFICIARY)
        own = Beneficiary.objects.of_user(request.user)
        if number and own.filter(reference=number).exists():
            return redirect("parole:case", number)
        messages.error(request, inviting.AlreadyClaimed())
        return redirect("parole:invitation_start")
    if not waiting:
        messages.info(request, _("Begin with the number of your case and your date of birth."))
        return redirect("parole:invitation_start")
    return render(request, "parole/invitation_accept.html", {"waiting": waiting})


def _claim(request, beneficiary):
    try:
        inviting.claim(beneficiary=beneficiary, user=request.user)
    except Refused as refusal:
        messages.error(request, refusal)
        return redirect("parole:invitation_accept")
    messages.success(request, _("You accepted the invitation. The case is yours now."))
    return redirect("parole:case", beneficiary.reference)
