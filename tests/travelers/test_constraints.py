from datetime import date

import pytest

from tests.breaking import check_refuses
from tests.factories import make_traveler

pytestmark = pytest.mark.django_db

BREAKS = [
    ("traveler_sex_known", {"sex": "x"}),
    ("traveler_document_known", {"document_type": "library_card"}),
    ("traveler_document_has_type", {"document_type": ""}),
    ("traveler_born_in_living_memory", {"birth_date": date(1899, 12, 31)}),
    ("traveler_height_possible", {"height_cm": 19}),
    ("traveler_height_possible", {"height_cm": 261}),
    ("traveler_weight_possible", {"weight_kg": 0}),
    ("traveler_weight_possible", {"weight_kg": 401}),
]


@pytest.mark.parametrize(("constraint", "values"), BREAKS)
def test_constraint_holds(constraint, values):
    check_refuses(constraint, lambda: make_traveler(**values))


def test_constraints_let_an_empty_traveler_be():
    empty = dict.fromkeys(("sex", "document_type", "document_number"), "")

    make_traveler(**empty, birth_date=None, height_cm=20, weight_kg=400)
