import pgtrigger
from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

TARGET = settings.BASE_DIR / "docs" / "states.md"
HEAD = """# States

Drawn from the tables of moves by `python manage.py draw_states`; not edited by hand. The database
refuses every move that is not drawn here.
"""


def machines() -> list[tuple]:
    """(model, field, moves) of every model whose status moves the database guards."""
    found = [
        (model, model._meta.get_field(trigger.field), trigger.transitions)
        for model in apps.get_models()
        for trigger in getattr(model._meta, "triggers", [])
        if isinstance(trigger, pgtrigger.FSM)
    ]
    return sorted(found, key=lambda machine: machine[0]._meta.label)


def draw(model, field, moves) -> str:
    start = field.default if field.has_default() else field.db_default
    leaving = {before for before, _after in moves}
    lines = [f"    {value}: {label}" for value, label in field.choices]
    lines += [f"    [*] --> {getattr(start, 'value', start)}"]
    lines += [f"    {before} --> {after}" for before, after in moves]
    lines += [f"    {value} --> [*]" for value, _label in field.choices if value not in leaving]
    title = f"\n## {str(model._meta.verbose_name).capitalize()}\n"
    return "\n".join([title, "```mermaid", "stateDiagram-v2", *lines, "```", ""])


class Command(BaseCommand):
    help = "Draws docs/states.md, the picture of every status, from the tables of allowed moves."

    def add_arguments(self, parser):
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail when the file is not current"
        )

    def handle(self, *args, check, **options):
        with translation.override("en"):
            drawn = HEAD + "".join(draw(*machine) for machine in machines())
        if not check:
            TARGET.write_text(drawn)
        elif not TARGET.exists() or TARGET.read_text() != drawn:
            raise CommandError(f"{TARGET.name} is not current: run python manage.py draw_states")
