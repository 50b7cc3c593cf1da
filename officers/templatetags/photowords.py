from django import template

from cbpone.photos.statuses import Finding, PhotoStatus

register = template.Library()
CHIPS = {
    PhotoStatus.WAITING: "chip-todo",
    PhotoStatus.GOOD: "chip-done",
    PhotoStatus.ANOTHER: "chip-now",
    PhotoStatus.AT_PORT: "chip-late",
}


@register.filter
def photo_chip(photo) -> str:
    """The class of the mark that says where a photo stands."""
    return CHIPS[photo.status]


@register.filter
def finding_words(photo) -> list[str]:
    """What a machine noted about a picture, in words."""
    return [str(Finding(code).label) for code in photo.findings]
