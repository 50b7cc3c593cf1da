import csv
import logging
import uuid

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_POST, require_safe

from cbpone.accounts import keeping
from cbpone.accounts.choices import WhyKept
from cbpone.accounts.typed_page import typed_page
from cbpone.lib import clock
from cbpone.lib.origins import is_from_us
from cbpone.lib.responses import SeeOther
from cbpone.portal import photo_numbers
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
        "kept_form": keeping.waiting_for(request.user),
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
@require_safe
def photo_figures(request):
    """How photos fared in the last 30 days, by group. Nobody is named, small groups are hidden."""
    context = {
        "first": photo_numbers.first_day(),
        "tables": photo_numbers.tables(),
        "findings": photo_numbers.findings(),
    }
    return render(request, "portal/photo_figures.html", context)


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def photo_figures_csv(request):
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = "attachment; filename=photos.csv"
    fields = ["kind", "group", "name", *photo_numbers.COLUMNS]
    writer = csv.DictWriter(response, fields)
    writer.writeheader()
    writer.writerows(photo_numbers.flat())
    return response


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def photo_figures_json(request):
    groups = list(photo_numbers.flat())
    since = photo_numbers.first_day().isoformat()
    return JsonResponse({"since": since, "fewest_shown": photo_numbers.FEW, "groups": groups})


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
    """The form was open too long. What was typed is kept, or shown, and sent by another press."""
    if kept := _kept(request):
        page = reverse("kept", args=[kept.reference])
        return SeeOther(page if request.user.is_authenticated else _sign_in(page))
    return typed_page(request)


def _kept(request):
    if request.method != "POST" or not is_from_us(request):
        return None
    if request.user.is_authenticated:
        return keeping.keep(request, user=request.user, why=WhyKept.CSRF)
    view = request.resolver_match.func
    return keeping.keep_for_last(request) if getattr(view, "login_required", True) else None


def _sign_in(page: str) -> str:
    return redirect_to_login(page).url


@requires_csrf_token
def server_error(request):
    """Something broke on our side: an incident number for the person and for the log."""
    incident = uuid.uuid4().hex[:8].upper()
    log.error("incident %s", incident)
    # Without the request: whatever broke may be what signing in needs.
    return HttpResponse(render_to_string("500.html", {"incident": incident}), status=500)
