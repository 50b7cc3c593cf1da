"""The addresses of the office that are tested with one world, and what they are asked about."""

import uuid

NONE = lambda world: []  # noqa: E731
PORT = lambda world: [world["port"].slug]  # noqa: E731


def at(key: str, field: str = "reference"):
    return lambda world: [getattr(world[key], field)]


def day_of(key: str):
    return lambda world: [world["port"].slug, world[key].day.isoformat()]


def pair(world):
    row = world["likeness"]
    return [row.first.reference, row.second.reference]


def queued(key: str, row: str):
    return lambda world: [key, world[row].pk]


CHOSEN = lambda world: [uuid.UUID(int=7)]  # noqa: E731
URGENT = lambda world: [world["urgent"].registration.reference]  # noqa: E731
HELPED = lambda world: [world["people"]["owner"].reference]  # noqa: E731

ADDRESSES = {
    "officers:board_rows": PORT,
    "officers:day": day_of("slot"),
    "officers:day_move": day_of("closure"),
    "officers:day_reopen": day_of("closure"),
    "officers:walk_in_new": PORT,
    "officers:walk_in": at("walk_in"),
    "officers:walk_in_call": at("walk_in"),
    "officers:walk_in_dispose": at("called"),
    "officers:walk_in_leave": at("walk_in"),
    "officers:call": at("appointment"),
    "officers:urgent": URGENT,
    "officers:urgent_grant": URGENT,
    "officers:urgent_refuse": URGENT,
    "officers:likeness": pair,
    "officers:likeness_judge": pair,
    "officers:photo_review": at("photo"),
    "officers:photo_judge": at("photo"),
    "officers:queue": lambda world: ["photos"],
    "officers:queue_take": lambda world: ["photos"],
    "officers:queue_put_back": queued("photos", "photo"),
    "officers:queue_assign": queued("photos", "photo"),
    "officers:access_open": at("waiting"),
    "officers:accesses": NONE,
    "officers:access_judge": NONE,
    "officers:conflicts": NONE,
    "officers:conflict_end": NONE,
    "officers:help": NONE,
    "officers:help_person": HELPED,
    "officers:help_send_again": HELPED,
    "officers:mass": NONE,
    "officers:mass_write": NONE,
    "officers:mass_message": at("draft"),
    "officers:mass_edit": at("draft"),
    "officers:mass_propose": at("draft"),
    "officers:mass_release": at("proposed"),
    "officers:mass_decline": at("proposed"),
    "officers:mass_recall": at("released"),
    "officers:bulk": NONE,
    "officers:bulk_begin": lambda world: ["put_back_reviews"],
    "officers:bulk_choice": CHOSEN,
    "officers:bulk_preview": CHOSEN,
    "officers:bulk_start": CHOSEN,
    "officers:bulk_run": at("run"),
    "officers:bulk_stop": at("run"),
    "officers:exports": NONE,
    "officers:export_ask": lambda world: ["numbers"],
    "officers:export": at("export"),
    "officers:export_stop": at("export"),
    "officers:export_file": at("export"),
    "officers:log": NONE,
    "officers:log_head": NONE,
    "officers:numbers": NONE,
    "officers:photo_drift": NONE,
    "officers:photo_drift_seen": lambda world: [world["drift"].pk],
}
