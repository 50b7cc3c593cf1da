from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def grouped(number):
    """'30,000': thousands parted as the reader's language parts them. Anything else stays."""
    return number_format(number, force_grouping=True) if isinstance(number, int) else number
