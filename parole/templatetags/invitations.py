from django import template

from parole import inviting

register = template.Library()


@register.simple_tag
def invitation_link(beneficiary, user) -> str:
    """Empty for whoever got the message before the address was corrected."""
    if not inviting.is_sent_to(beneficiary, user):
        return ""
    return inviting.link_of(beneficiary)
