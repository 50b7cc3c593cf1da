from celery import shared_task

from cbpone.accounts.models import User
from scheduling import attendance, booking, moving, release
from scheduling.models import Closure


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


@shared_task(name="scheduling.move_families")
def move_families(closure_id: int, officer_id: int):
    closure = Closure.objects.select_related("port").get(pk=closure_id)
    moving.move_families(closure=closure, by=User.objects.get(pk=officer_id))
