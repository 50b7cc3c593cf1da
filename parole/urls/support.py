"""A supporter's pages. `papers` below a request are in parole.urls.papers."""

from django.urls import path

from parole.views import filed, support

ONE = "support/requests/<str:reference>/"

urlpatterns = [
    path("support/", support.support, name="support"),
    path("support/eligibility/", support.check_eligibility, name="eligibility"),
    path("support/requests/", support.requests, name="requests"),
    path("support/requests/start/", support.request_start, name="request_start"),
    path(ONE, filed.request, name="request"),
    path(f"{ONE}pages/<slug:key>/", support.request_page, name="request_page"),
    path(f"{ONE}people/<slug:key>/", support.request_people, name="request_people"),
    path(f"{ONE}people/<slug:key>/add/", support.request_people_add, name="request_people_add"),
    path(
        f"{ONE}people/<slug:key>/remove/",
        support.request_people_remove,
        name="request_people_remove",
    ),
    path(f"{ONE}check/", filed.request_check, name="request_check"),
    path(f"{ONE}discard/", support.request_discard, name="request_discard"),
    path(f"{ONE}print/", filed.request_print, name="request_print"),
    path(f"{ONE}answer/", filed.request_answer, name="request_answer"),
    path(f"{ONE}withdraw/", filed.request_withdraw, name="request_withdraw"),
    path(f"{ONE}address/", filed.request_address, name="request_address"),
    path(f"{ONE}history/", filed.request_history, name="request_history"),
]
