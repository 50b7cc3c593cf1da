from officers.views import photos, queues


def urls(page) -> list:
    """`page(route, view, name)` wraps a view in the one gate of the back office."""
    row = "queues/<slug:key>/<int:pk>/"
    return [
        page("queues/<slug:key>/", queues.queue, "queue"),
        page("queues/<slug:key>/take/", queues.take, "queue_take"),
        page(f"{row}put-back/", queues.put_back, "queue_put_back"),
        page(f"{row}assign/", queues.assign, "queue_assign"),
        page("photos/<uuid:reference>/", photos.photo, "photo_review"),
        page("photos/<uuid:reference>/judge/", photos.judge, "photo_judge"),
    ]
