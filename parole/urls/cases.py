"""A beneficiary's pages: the invitation, then the case."""

from django.urls import path

from parole.views import case_files, cases, invitations

LINK = "invitation/<str:reference>/<str:signature>/"
ONE = "cases/<str:reference>/"

urlpatterns = [
    path("invitation/", invitations.invitation_start, name="invitation_start"),
    path("invitation/accept/", invitations.invitation_accept, name="invitation_accept"),
    path(LINK, invitations.invitation, name="invitation"),
    path(f"{LINK}birth/", invitations.invitation_birth, name="invitation_birth"),
    path("cases/", cases.cases, name="cases"),
    path(ONE, cases.case, name="case"),
    path(f"{ONE}pages/<slug:key>/", cases.case_page, name="case_page"),
    path(f"{ONE}photo/", case_files.case_photo, name="case_photo"),
    path(f"{ONE}passport/", case_files.case_passport, name="case_passport"),
    path(f"{ONE}relationship/", case_files.case_relationship, name="case_relationship"),
    path(f"{ONE}check/", cases.case_check, name="case_check"),
    path(f"{ONE}send/", cases.case_send, name="case_send"),
    path(f"{ONE}ask-again/", cases.case_ask_again, name="case_ask_again"),
    path(f"{ONE}history/", cases.case_history, name="case_history"),
]
