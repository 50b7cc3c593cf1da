"""Roles are Groups made by migration; a role is asked for by name in one place, here."""

PORT_OFFICER = "Port officer"
SUPERVISOR = "Supervisor"
AUDITOR = "Auditor"
PAROLE_REVIEWER = "Parole reviewer"
TRAVEL_OFFICER = "Travel officer"
AIRPORT_OFFICER = "Airport officer"
PAROLE_SUPERVISOR = "Parole supervisor"
PHOTO_REVIEWER = "Photo reviewer"
STATISTICS = "Statistics"
HELP_DESK = "Help desk"

# Whom parole supervisors look after; roles at ports belong to the supervisors of those ports.
PAROLE_ROLES = (PAROLE_REVIEWER, TRAVEL_OFFICER, AIRPORT_OFFICER, PAROLE_SUPERVISOR)
# They serve everybody: supervisors of either kind look after them.
SHARED_ROLES = (AUDITOR, PHOTO_REVIEWER, STATISTICS, HELP_DESK)

# Every officer may say whom they stand too near to decide about.
EVERYBODY = ["audit.declare_conflict"]
# Supervisors of either kind look after the officers' work.
LEAD = [
    "audit.judge_access",
    "audit.view_access",
    "audit.end_conflict",
    "audit.view_conflict",
    "officers.assign_work",
    "officers.run_bulk",
    "notifications.resend_delivery",  # many at once; the help desk sends one at a time
    "officers.view_numbers",
    "officers.export_numbers",
    "photos.view_photodrift",
    "photos.judge_photodrift",
]

# What each role may do in the back office, beyond what its ports limit.
PERMISSIONS = {
    PORT_OFFICER: [
        "scheduling.view_appointment",
        "scheduling.view_registration",
        "scheduling.view_slot",
        "scheduling.view_release",
        "scheduling.view_port",
        "scheduling.view_slotplan",
        "scheduling.view_closure",
        "scheduling.view_override",
        "scheduling.check_in_appointment",
        "scheduling.dispose_attendance",
        "scheduling.book_reserve",
        "scheduling.find_registration",
        "scheduling.write_walkin",
        "scheduling.view_walkin",
        "scheduling.decide_urgent",
        "scheduling.view_urgentrequest",
        "officers.judge_likeness",
        "audit.open_access",
    ],
    SUPERVISOR: [
        *LEAD,
        "officers.write_massmessage",
        "officers.release_massmessage",
        "officers.export_appointments",
        "photos.review_photo",
        "scheduling.change_slot",
        "scheduling.add_slotplan",
        "scheduling.change_slotplan",
        "scheduling.delete_slotplan",
        "scheduling.add_closure",
        "scheduling.add_override",
        "scheduling.change_override",
        "scheduling.delete_override",
        "scheduling.view_post",
        "scheduling.add_post",
        "scheduling.change_post",
        "audit.view_event",
    ],
    AUDITOR: [
        "scheduling.view_every_port",
        "audit.view_event",
        "audit.view_access",
        "audit.view_conflict",
        "audit.view_seal",
        "officers.view_bulkrun",
        "officers.view_export",
        "officers.view_massmessage",
        "officers.view_numbers",
        "officers.export_events",
        "officers.export_numbers",
        "photos.view_photodrift",
        "scheduling.view_release",
        "scheduling.view_slot",
        "scheduling.view_port",
        "scheduling.view_slotplan",
        "scheduling.view_closure",
        "scheduling.view_override",
    ],
}
PERMISSIONS[SUPERVISOR] = PERMISSIONS[PORT_OFFICER] + PERMISSIONS[SUPERVISOR]

LOOK_AT_PAROLE = [
    "parole.view_process",
    "parole.view_monthlycap",
    "parole.view_capchange",
    "parole.view_selection",
    "parole.view_povertyguideline",
]
PERMISSIONS[PAROLE_REVIEWER] = [
    *LOOK_AT_PAROLE,
    "parole.view_supportrequest",
    "parole.review_supportrequest",
    "parole.agree_decision",
    "parole.view_knowngood",
    "parole.view_nonresidential",
    "officers.judge_likeness",
    "audit.open_access",
]
PERMISSIONS[TRAVEL_OFFICER] = [
    *LOOK_AT_PAROLE,
    "parole.view_beneficiary",
    "parole.view_authorization",
    "parole.decide_travel",
    "audit.open_access",
]
PERMISSIONS[AIRPORT_OFFICER] = [
    "parole.view_beneficiary",
    "parole.view_authorization",
    "parole.view_arrival",
    "parole.view_airport",
    "parole.inspect_arrival",
]
PERMISSIONS[PAROLE_SUPERVISOR] = [
    *dict.fromkeys(
        [
            *PERMISSIONS[PAROLE_REVIEWER],
            *PERMISSIONS[TRAVEL_OFFICER],
            *PERMISSIONS[AIRPORT_OFFICER],
            *LEAD,
            "officers.export_requests",
            "photos.review_photo",
            "parole.view_every_request",
            "parole.view_every_case",
            "parole.propose_cap",
            "parole.agree_cap",
            "parole.add_povertyguideline",
            "parole.change_povertyguideline",
            "parole.add_knowngood",
            "parole.change_knowngood",
            "parole.delete_knowngood",
            "parole.add_nonresidential",
            "parole.change_nonresidential",
            "parole.delete_nonresidential",
            "parole.add_airport",
            "parole.change_airport",
            "audit.view_event",
        ]
    )
]
PERMISSIONS[AUDITOR] += [*LOOK_AT_PAROLE, "parole.view_authorization"]
PERMISSIONS[PHOTO_REVIEWER] = ["photos.review_photo"]
PERMISSIONS[STATISTICS] = ["officers.view_numbers", "officers.export_numbers"]
PERMISSIONS[HELP_DESK] = ["notifications.help_people", "notifications.resend_delivery"]
PERMISSIONS = {role: [*names, *EVERYBODY] for role, names in PERMISSIONS.items()}

# Whose data each role works with. Drawn into docs/roles.md with what follows.
SCOPES = {
    PORT_OFFICER: (
        "Families with an appointment at a port of theirs, or who came or asked for an urgent "
        "place there. Any other registration for some hours, after typing a reason that a "
        "supervisor reads the same day."
    ),
    SUPERVISOR: (
        "As port officers, at the ports of their posts; and what the officers of those ports did."
    ),
    AUDITOR: "Every port, every event, every look and every conflict. Reading only.",
    PAROLE_REVIEWER: (
        "Support requests in review, and those they took or decided. Any other filed request for "
        "some hours, after typing a reason that a supervisor reads the same day."
    ),
    TRAVEL_OFFICER: (
        "Cases of people who have sent everything. Any other person who was invited for some "
        "hours, after typing a reason that a supervisor reads the same day."
    ),
    AIRPORT_OFFICER: "Cases of people who have sent everything, to inspect them at the airport.",
    PAROLE_SUPERVISOR: "Every request that was filed and everybody who was invited.",
    PHOTO_REVIEWER: "Photos that wait to be judged, one at a time, with the name beside them.",
    STATISTICS: "Numbers. No person, no case.",
    HELP_DESK: (
        "One account at a time, found by its exact address or a number that the person says."
    ),
}

OWN = "decides about themselves, a relative, or a case they said they stand too near to"
NEVER = {
    PORT_OFFICER: [
        OWN,
        "checks in or decides at a port where they have no post, also after looking at the case",
        "sees support requests",
    ],
    SUPERVISOR: [
        OWN,
        "judges their own look or ends their own conflict",
        "releases a message that they wrote",
        "deletes what a traveler sent",
    ],
    AUDITOR: ["changes anything, but for declaring a conflict of their own"],
    PAROLE_REVIEWER: [
        OWN,
        "decides about a request that another officer holds",
        "agrees to a refusal that they proposed",
        "sees what an invited person answered",
    ],
    TRAVEL_OFFICER: [
        OWN,
        "decides about a case that another officer holds",
        "authorizes more people than the month has places",
        "sees the money of a supporter",
    ],
    AIRPORT_OFFICER: [OWN, "authorizes travel"],
    PAROLE_SUPERVISOR: [
        OWN,
        "agrees to what they proposed: a refusal, a cap",
        "judges their own look or ends their own conflict",
    ],
    PHOTO_REVIEWER: [OWN, "sees answers, documents or appointments"],
    STATISTICS: ["sees a name, a face or the number of a case"],
    HELP_DESK: [
        "sees documents, photos, answers, birth dates, or the words of a message",
        "changes anything in a case",
        "looks through lists of people",
    ],
}
