from django.urls import path

from cbpone.photos.views import links, pictures, sending, uploads

urlpatterns = [
    path("photos/<uuid:reference>/", pictures.photo, name="photo"),
    path("photos/<uuid:reference>/thumb/", pictures.photo_thumb, name="photo_thumb"),
    path("photos/uploads/<uuid:reference>/", uploads.photo_upload, name="photo_upload"),
    path("photos/send/", sending.photo_send, name="photo_send"),
    path("photos/links/", links.photo_link_make, name="photo_link_make"),
    path("photos/links/<uuid:reference>/", links.photo_link_state, name="photo_link_state"),
    path("photos/links/<uuid:reference>/page/", links.photo_link_page, name="photo_link_page"),
    path(
        "photos/links/<uuid:reference>/message/",
        links.photo_link_message,
        name="photo_link_message",
    ),
    path("photos/links/<uuid:reference>/close/", links.photo_link_close, name="photo_link_close"),
    path("p/<slug:code>/", links.photo_link, name="photo_link"),
    path("p/<slug:code>/photo/", links.photo_link_photo, name="photo_link_photo"),
]
