"""What a press was meant to do, by the name of its address, said as not done."""

from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

# Whatever is not named here gets a sentence that is true of any press.
UNDONE = {
    "account_logout": _("You were not signed out."),
    "account_email": _("Your e-mail address was not changed."),
    "account_recovery_codes": _("No new recovery codes were made."),
    "scheduling:registration_start": _("No registration was begun."),
    "scheduling:person_add": _("Nobody was added to your family."),
    "scheduling:person_remove": _("Nobody was taken out of your family."),
    "scheduling:check_answers": _("Your registration was not signed."),
    "scheduling:withdraw": _("Your registration was not withdrawn."),
    "scheduling:book": _("No appointment was booked. No place is kept for you."),
    "scheduling:appointment_cancel": _("Your appointment was not cancelled."),
    "scheduling:urgent": _("Your urgent request was not sent."),
    "scheduling:urgent_withdraw": _("Your urgent request was not taken back."),
    "parole:request_start": _("No request was begun."),
    "parole:request_discard": _("Your draft was not discarded."),
    "parole:request_check": _("Your request was not filed."),
    "parole:request_withdraw": _("Your request was not withdrawn."),
    "parole:request_answer": _("Your answer was not sent."),
    "parole:request_people_remove": _("Nobody was taken off the list."),
    "parole:paper_remove": _("The paper was not removed."),
    "parole:invitation_accept": _("The invitation was not accepted."),
    "parole:case_check": _("Your answers were not signed."),
    "parole:case_send": _("Nothing was sent to the officers."),
    "parole:case_ask_again": _("You have not asked again."),
    "officers:arrival_check_in": _("Nobody was checked in."),
    "officers:arrival_parole": _("Nobody was paroled."),
    "officers:arrival_deny": _("Parole was not denied."),
    "officers:bulk_start": _("No row was touched."),
    "officers:urgent_grant": _("No place was given."),
    "officers:urgent_refuse": _("Nothing was answered, and no letter was sent."),
    "officers:likeness_judge": _("Your verdict was not recorded."),
    "officers:photo_judge": _("Your verdict was not recorded."),
    "officers:access_judge": _("Your verdict was not recorded."),
    "officers:review_flag": _("Your verdict was not recorded."),
    "officers:travel_judge": _("Your verdict was not recorded."),
    "officers:mass_propose": _("The message was not proposed."),
    "officers:mass_release": _("The message was not released."),
    "officers:mass_decline": _("The message was not declined."),
    "officers:mass_recall": _("The message was not taken back."),
    "officers:check_in": _("Nobody was checked in."),
    "officers:arrive": _("Nobody was checked in."),
    "officers:call": _("Nobody was called in."),
    "officers:walk_in_call": _("Nobody was called in."),
    "officers:dispose": _("No disposition was recorded."),
    "officers:walk_in_dispose": _("No disposition was recorded."),
    "officers:day_close": _("The day was not closed."),
    "officers:day_move": _("No family was moved."),
    "officers:day_reopen": _("The day was not opened again."),
    "officers:review_decide": _("Nothing was decided, and no letter was sent."),
    "officers:review_agree": _("You have not agreed yet."),
    "officers:review_decline": _("You have not declined yet."),
    "officers:review_put_back": _("The request was not put back."),
    "officers:travel_approve": _("Travel was not authorized."),
    "officers:travel_deny": _("Nothing was decided, and no letter was sent."),
    "officers:travel_send_back": _("Nothing was sent back, and no letter was sent."),
    "officers:travel_cancel": _("Nothing was cancelled, and no letter was sent."),
    "officers:travel_put_back": _("The case was not put back."),
    "officers:cap_agree": _("You have not agreed yet."),
    "officers:cap_decline": _("You have not declined yet."),
}
ANY = _("What you sent was not taken, and nothing was changed.")


def undone(path: str):
    """The sentence for an address of ours."""
    try:
        return UNDONE.get(resolve(urlsplit(path).path).view_name, ANY)
    except Resolver404:  # a page that is gone since
        return ANY
