from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.urls import reverse

from cbpone.accounts import keeping, staying, who
from cbpone.accounts.typed_page import is_sent_from_it, typed_page
from cbpone.lib.origins import is_from_us
from cbpone.lib.responses import SeeOther

ASKS_ONLY = "/session/left/"  # whoever asks when the end comes does not move it


def sliding_session(get_response):
    """Every request moves the end of the session on, and says to the browser whose it is."""

    def middleware(request):
        user, moved = request.user, False
        if user.is_authenticated and request.path != ASKS_ONLY:
            moved = staying.touch(request.session, user)
        response = get_response(request)
        user = request.user  # signing in makes it another one
        if user.is_authenticated and (moved or staying.TOUCHED not in request.session):
            who.remember(response, user)
        return response

    return middleware


class LoginWall(LoginRequiredMiddleware):
    """A form that arrives after the sign-in has ended is kept for who was signed in here last."""

    def handle_no_permission(self, request, view_func):
        if request.method != "POST" or not is_from_us(request):
            return super().handle_no_permission(request, view_func)
        if kept := keeping.keep_for_last(request):
            response = redirect_to_login(
                reverse("kept", args=[kept.reference]), self.get_login_url(view_func)
            )
            return SeeOther(response.url)
        if is_sent_from_it(request):
            return typed_page(request)
        return super().handle_no_permission(request, view_func)


class KeptForms:
    """`?kept=<reference>`: the page as it was typed, and then the press that sends it.

    A press counts once, however often it is made. A page that does not show what was typed, for
    whatever reason, gives way to the plain page that does.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        kept = getattr(request, "kept", None)
        if kept is None:
            return response
        if request.method == "POST":
            return self._sent(request, kept, response)
        is_good = response.status_code == 200 and kept.is_shown
        return response if is_good else SeeOther(kept.as_text)

    def process_view(self, request, view_func, view_args, view_kwargs):
        reference = request.GET.get("kept")
        if not reference or not request.user.is_authenticated:
            return None
        if request.method not in ("GET", "HEAD", "POST"):
            return None
        if request.method == "POST" and getattr(view_func, "csrf_exempt", False):
            return None
        kept = keeping.find(request, reference)
        if kept is None:
            return None
        if request.method == "POST":
            if not keeping.take(kept.row):
                return SeeOther(kept.page)
            kept.add_files(request)
        elif kept.row.used_at:
            return None
        request.kept = kept
        return None

    def _sent(self, request, kept, response):
        if not 300 <= response.status_code < 400:
            keeping.put_back(kept.row)
        elif keeping.is_refused(request) and kept.has_text:
            keeping.put_back(kept.row)
            return SeeOther(kept.as_text)
        else:
            keeping.use(kept.row)
        return response
