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
    "officers.view_numbers",
    "officers.export_numbers",
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
            "parole.rerun_selection",
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
