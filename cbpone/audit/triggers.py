"""What the database itself refuses, as triggers that models name in their Meta."""

import pgtrigger


def append_only() -> list[pgtrigger.Trigger]:
    """Rows can be added and read, never changed or removed."""
    return [
        pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        no_truncate(),
    ]


def no_truncate() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="no_truncate",
        operation=pgtrigger.Truncate,
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        func="RAISE EXCEPTION 'This table only grows.';",
    )


def undeletable() -> list[pgtrigger.Trigger]:
    return [pgtrigger.Protect(name="undeletable", operation=pgtrigger.Delete)]


def moves_along(table: dict[str, set[str]], field: str = "status") -> pgtrigger.Trigger:
    """Refuses every status change that the table of moves does not name."""
    moves = [(start, end) for start, ends in sorted(table.items()) for end in sorted(ends)]
    return pgtrigger.FSM(name=f"{field}_moves", field=field, transitions=moves)


def set_once(*fields: str) -> pgtrigger.Trigger:
    """Once a value stands, nobody changes or empties it."""
    changes = " OR ".join(
        f"(OLD.{field} IS NOT NULL AND NEW.{field} IS DISTINCT FROM OLD.{field})"
        for field in fields
    )
    return pgtrigger.Trigger(
        name=f"{fields[0]}_set_once",
        operation=pgtrigger.Update,
        when=pgtrigger.Before,
        condition=pgtrigger.Condition(f"({changes})"),
        func=f"RAISE EXCEPTION '{', '.join(fields)}: set once, never changed';",
    )


def frozen(name: str, *fields: str, when: str) -> pgtrigger.Trigger:
    """While `when` (SQL about OLD) holds, these columns stay as they are; with none named, all."""
    changes = " OR ".join(f"NEW.{field} IS DISTINCT FROM OLD.{field}" for field in fields)
    return pgtrigger.Trigger(
        name=name,
        operation=pgtrigger.Update,
        when=pgtrigger.Before,
        condition=pgtrigger.Condition(f"({when} AND ({changes or 'TRUE'}))"),
        func=f"RAISE EXCEPTION '{', '.join(fields) or 'every column'}: final, never changed';",
    )
