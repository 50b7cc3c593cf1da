"""Trying to break what the database refuses."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction


def change(row, **values) -> None:
    """Straight to the database, past every rule."""
    type(row)._base_manager.filter(pk=row.pk).update(**values)


def check_refuses(constraint: str, attempt) -> None:
    """`a|b`: breaking a breaks b too, and PostgreSQL names only the first by the alphabet."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        attempt()
    assert any(f'"{name}"' in str(error.value) for name in constraint.split("|"))


def is_refused(attempt) -> bool:
    try:
        with transaction.atomic():
            attempt()
    except DatabaseError:
        return True
    return False
