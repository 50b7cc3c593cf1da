from django import template
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cbpone.lib import clock

register = template.Library()


@register.filter
def on_clock_of(at, port):
    """'4 May 2026, 10:42, San Diego time': in the zone of a port, or UTC where none is known."""
    if not at:
        return ""
    local = clock.wall_time(at, port.zone if port else "UTC")
    shown = date_format(local, "j F Y, H:i")
    return _("%(when)s, %(zone)s") % {"when": shown, "zone": port.zone_name if port else "UTC"}


@register.filter
def office_time(at):
    """'4 May 2026, 10:42, Washington time': parole processes have one clock, their office's."""
    if not at:
        return ""
    shown = date_format(clock.wall_time(at, settings.PAROLE_ZONE), "j F Y, H:i")
    return _("%(when)s, %(zone)s") % {"when": shown, "zone": _("Washington time")}


@register.filter
def office_day(at):
    """'4 May 2026', the day on that clock."""
    return date_format(clock.wall_time(at, settings.PAROLE_ZONE), "j F Y") if at else ""
