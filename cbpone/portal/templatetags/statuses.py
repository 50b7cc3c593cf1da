from django import template

from scheduling.statuses import AppointmentStatus, Disposition, RegistrationStatus

register = template.Library()
WORDS = {
    value: label
    for choices in (RegistrationStatus, AppointmentStatus, Disposition)
    for value, label in choices.choices
}


@register.filter
def status_word(code):
    """'checked_in' as people say it; anything else stays as it is."""
    return WORDS.get(code, code)
