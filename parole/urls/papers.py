"""Papers: the supporter's page for them, and one paper by its own address."""

from django.urls import path

from parole.views import papers

urlpatterns = [
    path("support/requests/<str:reference>/papers/", papers.papers, name="papers"),
    path("papers/<uuid:reference>/", papers.paper, name="paper"),
    path("papers/<uuid:reference>/remove/", papers.paper_remove, name="paper_remove"),
]
