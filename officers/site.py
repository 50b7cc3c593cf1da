from functools import wraps
from importlib import import_module
from pkgutil import iter_modules

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _


class OfficerSite(admin.AdminSite):
    """The back office. Every view of it passes `admin_view`, the one gate where the second
    factor will be asked for too."""

    site_title = _("CBP One Portal, officers")
    site_header = _("CBP One Portal, officers")
    index_title = _("Records")
    enable_nav_sidebar = False
    empty_value_display = "–"
    site_url = None

    @method_decorator(secure_admin_login)
    def login(self, request, extra_context=None):
        """One door for everyone: people who are not signed in go to the code by e-mail."""
        return redirect("officers:index")

    def has_permission(self, request):
        return request.user.is_active and request.user.is_staff

    def admin_view(self, view, cacheable=False):
        """The gate: people who are not signed in go to the one door, others need to be officers."""
        inner = super().admin_view(view, cacheable)

        @wraps(view)
        def gate(request, *args, **kwargs):
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not self.has_permission(request):
                raise PermissionDenied
            return inner(request, *args, **kwargs)

        return gate

    def get_urls(self):
        from officers.views import home

        def page(route, view, name):
            return path(route, self.admin_view(view), name=name)

        own = [page("", home.index, "index"), page("records/", self.index, "records")]
        for part in _parts():
            own += part.urls(page)
        dropped = {"index", "password_change", "password_change_done"}
        return own + [url for url in super().get_urls() if getattr(url, "name", "") not in dropped]


def _parts() -> list:
    """Every module of addresses under officers/urls, in the order of their names."""
    from officers import urls

    names = sorted(found.name for found in iter_modules(urls.__path__))
    return [import_module(f"officers.urls.{name}") for name in names]


site = OfficerSite(name="officers")
