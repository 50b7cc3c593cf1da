from officers.views import review_decisions, reviews


def urls(page) -> list:
    """`page(route, view, name)` wraps a view in the one gate of the back office."""
    return [
        page("reviews/", reviews.queue, "reviews"),
        page("reviews/take/", reviews.take, "review_take"),
        page("reviews/<str:reference>/", reviews.case, "review"),
        page("reviews/<str:reference>/leads/", reviews.judge, "review_flag"),
        page("reviews/<str:reference>/decide/", review_decisions.decide, "review_decide"),
        page("reviews/<str:reference>/put-back/", reviews.put_back, "review_put_back"),
        page("reviews/<str:reference>/resume/", reviews.resume, "review_resume"),
        page("reviews/<str:reference>/agree/", review_decisions.agree, "review_agree"),
        page("reviews/<str:reference>/decline/", review_decisions.decline, "review_decline"),
    ]
