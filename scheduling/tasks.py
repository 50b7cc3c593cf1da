from celery import shared_task

from scheduling import attendance, booking, release


@shared_task(name="scheduling.release_slots")
def release_slots():
    release.release_slots()


@shared_task(name="scheduling.return_places")
def return_places():
    booking.return_places()


@shared_task(name="scheduling.sweep_no_shows")
def sweep_no_shows():
    attendance.sweep_no_shows()


@shared_task(name="scheduling.remind")
def remind():
    attendance.remind()


@shared_task(name="scheduling.recount_slots")
def recount_slots():
    booking.recount_slots()
