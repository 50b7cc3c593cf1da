from officers.views import caps, travel, travel_letters


def urls(page) -> list:
    """`page(route, view, name)` wraps a view in the one gate of the back office."""
    case = "travel/<str:reference>/"
    return [
        page("travel/", travel.queue, "travel"),
        page("travel/take/", travel.take, "travel_take"),
        page(
            "travel/authorizations/<str:reference>/cancel/", travel_letters.cancel, "travel_cancel"
        ),
        page(case, travel.case, "travel_case"),
        page(f"{case}judge/", travel.judge, "travel_judge"),
        page(f"{case}approve/", travel.approve, "travel_approve"),
        page(f"{case}deny/", travel_letters.deny, "travel_deny"),
        page(f"{case}send-back/", travel_letters.send_back, "travel_send_back"),
        page(f"{case}put-back/", travel.put_back, "travel_put_back"),
        page("caps/", caps.months, "caps"),
        page("caps/propose/", caps.propose, "cap_propose"),
        page("caps/agree/", caps.agree, "cap_agree"),
        page("caps/decline/", caps.decline, "cap_decline"),
    ]
