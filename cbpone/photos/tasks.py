from celery import shared_task

from cbpone.photos import forgetting, links, opening, receiving


@shared_task(name="photos.forget_photos")
def forget_photos():
    forgetting.forget_photos()


@shared_task(name="photos.finish_uploads")
def finish_uploads():
    opening.finish_uploads()


@shared_task(name="photos.purge_uploads")
def purge_uploads():
    receiving.purge_uploads()
    links.close_links()
