from officers.views import reviews


def urls(page) -> list:
    """`page(route, view, name)` wraps a view in the one gate of the back office."""
    return [
        page("reviews/", reviews.queue, "reviews"),
        page("reviews/take/", reviews.take, "review_take"),
        page("reviews/<str:reference>/", reviews.case, "review"),
        page("reviews/<str:reference>/leads/", reviews.judge, "review_flag"),
        page("reviews/<str:reference>/decide/", reviews.decide, "review_decide"),
        page("reviews/<str:reference>/put-back/", reviews.put_back, "review_put_back"),
        page("reviews/<str:reference>/resume/", reviews.resume, "review_resume"),
        page("reviews/<str:reference>/agree/", reviews.agree, "review_agree"),
        page("reviews/<str:reference>/decline/", reviews.decline, "review_decline"),
    ]
