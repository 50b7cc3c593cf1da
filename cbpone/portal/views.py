import logging
import uuid

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_POST, require_safe

from cbpone.lib import clock
from cbpone.portal.case import read_case, read_support
from scheduling.attendance import REMIND_BEFORE
from scheduling.family import photos_asked
from scheduling.registering import without_a_place

log = logging.getLogger("cbpone.incident")


@login_not_required
@require_safe
def home(request):
    return render(request, "portal/home.html")


@require_safe
def my_case(request):
    """One page that tells a person the truth about where they stand."""
    case = read_case(request.user)
    left_out = without_a_place(case.registration) if case.stage == "booked" else []
    context = {
        "case": case,
        "left_out": left_out,
        "photos_asked": photos_asked(case.family) if case.family else [],
        "must_sign_again": case.stage == "booked" and case.registration.is_changing,
        "support": read_support(request.user),
        "will_remind": case.stage == "booked"
        and case.appointment.slot.starts_at > clock.now() + REMIND_BEFORE,
    }
    return render(request, "portal/my_case.html", context)


def _plain_page(template):
    @login_not_required
    @require_safe
    def view(request):
        return render(request, template)

    return view


help_page = _plain_page("portal/help.html")
privacy = _plain_page("portal/privacy.html")
accessibility = _plain_page("portal/accessibility.html")
rights = _plain_page("portal/rights.html")


@login_not_required
@require_POST
def set_language(request):
    """The chosen language goes into a cookie, and onto the account of someone signed in."""
    target = request.POST.get("next") or "/"
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    code = request.POST.get("language", "")
    if code in dict(settings.LANGUAGES) and check_for_language(code):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,
            httponly=True,
        )
        if request.user.is_authenticated and request.user.language != code:
            request.user.language = code
            request.user.save(update_fields=["language"])
    return response


@login_not_required
@require_safe
def favicon(request):
    return redirect(static("img/favicon.svg"), permanent=True)


def bad_request(request, exception=None):
    """Too large a form, or one with signs no browser sends."""
    return HttpResponse(render_to_string("400.html"), status=400)


def forbidden(request, exception=None):
    return render(request, "403.html", status=403)


def not_found(request, exception=None):
    return render(request, "404.html", status=404)


@requires_csrf_token
def csrf_failure(request, reason=""):
    """The form was open too long. What is saved is safe; the person goes on where they were."""
    return render(request, "403_csrf.html", {"path": request.get_full_path()}, status=403)


@requires_csrf_token
def server_error(request):
    """Something broke on our side: an incident number for the person and for the log."""
    incident = uuid.uuid4().hex[:8].upper()
    log.error("incident %s", incident)
    # Without the request: whatever broke may be what signing in needs.
    return HttpResponse(render_to_string("500.html", {"incident": incident}), status=500)
