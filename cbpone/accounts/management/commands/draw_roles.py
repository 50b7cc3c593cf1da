from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from cbpone.accounts.roles import NEVER, PERMISSIONS, SCOPES

TARGET = settings.BASE_DIR / "docs" / "roles.md"
HEAD = """# Roles

Drawn from `cbpone/accounts/roles.py` by `python manage.py draw_roles`; not edited by hand. The
rules refuse what is not named here, and tests try each role with each of these permissions. A
person with several roles has the powers of all of them; what a role never does holds for each.

| Role | Whose data | Sees | Does | Never |
|---|---|---|---|---|
"""
STOCK = {"view": "look at", "add": "add", "change": "change", "delete": "remove"}


def permission_words() -> dict[str, tuple[str, str]]:
    """'app.codename': the verb and what it is done to, of everything a model names in its Meta."""
    words = {}
    for model in apps.get_models():
        meta = model._meta
        for action in meta.default_permissions:
            name = f"{meta.app_label}.{action}_{meta.model_name}"
            words[name] = (STOCK[action], str(meta.verbose_name_plural))
        for code, name in meta.permissions:
            words[f"{meta.app_label}.{code}"] = _parted(str(name).removeprefix("Can "))
    return words


def _parted(words: str) -> tuple[str, str]:
    looks = STOCK["view"]
    return (looks, words.removeprefix(f"{looks} ")) if words.startswith(looks) else (words, "")


def draw(role: str, words: dict[str, tuple[str, str]]) -> str:
    sees: list[str] = []
    done_to: dict[str, list[str]] = {}
    for verb, what in (words[name] for name in PERMISSIONS[role]):
        if verb == STOCK["view"]:
            sees.append(what)
        else:
            done_to.setdefault(what or verb, []).append(verb if what else "")
    does = [f"{', '.join(verbs)} {what}".strip() for what, verbs in done_to.items()]
    cells = (role, SCOPES[role], _list(sees), _list(does), _list(NEVER[role]))
    return "| " + " | ".join(cells) + " |\n"


def _list(lines: list[str]) -> str:
    return "<br>".join(lines) or "–"


class Command(BaseCommand):
    help = "Draws docs/roles.md: what each role sees, does and never does."

    def add_arguments(self, parser):
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail when the file is not current"
        )

    def handle(self, *args, check, **options):
        with translation.override("en"):
            words = permission_words()
            drawn = HEAD + "".join(draw(role, words) for role in PERMISSIONS)
        if not check:
            TARGET.write_text(drawn)
        elif not TARGET.exists() or TARGET.read_text() != drawn:
            raise CommandError(f"{TARGET.name} is not current: run python manage.py draw_roles")
