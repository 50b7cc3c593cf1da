"""What officers can do with many rows at once. Cancelling appointments is not among it."""

from officers.bulk import appointments, messages, photos, reviews, travel
from officers.bulk.base import BulkAction

ACTIONS: dict[str, BulkAction] = {
    action.key: action
    for action in (
        reviews.PUT_BACK,
        reviews.REASSIGN,
        travel.PUT_BACK,
        travel.REASSIGN,
        photos.PUT_BACK,
        appointments.MOVE,
        messages.RESEND_FAILED,
    )
}


def actions_for(user) -> list[BulkAction]:
    return [action for action in ACTIONS.values() if action.is_for(user)]
