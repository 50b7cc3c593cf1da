"""The groups of the public figures, in words."""

from django.conf import settings
from django.utils.translation import gettext as _
from django_countries import countries

from cbpone.photos.statuses import Browser, GroupKind


def name_of(kind: str, group: str, ports: dict[str, str] | None = None) -> str:
    if kind == GroupKind.NATIONALITY:
        return str(countries.name(group)) or _("not told")
    if kind == GroupKind.LANGUAGE:
        return str(dict(settings.LANGUAGES).get(group, group))
    if kind == GroupKind.BROWSER:
        return str(Browser(group).label) if group in Browser.values else group
    return (ports or {}).get(group, group)
