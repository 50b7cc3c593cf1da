from celery import shared_task

from parole import caps, reminders, selection, sorting, travel


@shared_task(name="parole.sort_requests")
def sort_requests():
    sorting.sort_requests()


@shared_task(name="parole.roll_month")
def roll_month():
    caps.roll_month()


@shared_task(name="parole.select_cases")
def select_cases():
    selection.select_cases()


@shared_task(name="parole.expire_authorizations")
def expire_authorizations():
    travel.expire_authorizations()


@shared_task(name="parole.remind_travelers")
def remind_travelers():
    reminders.remind_travelers()


@shared_task(name="parole.recount_caps")
def recount_caps():
    caps.recount_caps()
