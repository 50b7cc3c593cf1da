from django import template

from cbpone.photos.statuses import PhotoStatus

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
