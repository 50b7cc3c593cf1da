from django import template

from parole.choices import DenialReason
from parole.queue import place_in_queue

register = template.Library()
register.filter("place_in_queue", place_in_queue)
LABELS = dict(DenialReason.choices)


@register.filter
def denial_reason(code):
    """Why travel is not authorized, in the words of the list."""
    return LABELS.get(code, "")
