"""Roles are Groups made by migration; a role is asked for by name in one place, here."""

PORT_OFFICER = "Port officer"
SUPERVISOR = "Supervisor"
AUDITOR = "Auditor"

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
    ],
    SUPERVISOR: [
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
        "scheduling.view_release",
        "scheduling.view_slot",
        "scheduling.view_port",
        "scheduling.view_slotplan",
        "scheduling.view_closure",
        "scheduling.view_override",
    ],
}
PERMISSIONS[SUPERVISOR] = PERMISSIONS[PORT_OFFICER] + PERMISSIONS[SUPERVISOR]
