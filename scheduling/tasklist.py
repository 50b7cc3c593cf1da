"""The task list of a registration: what is done, what to go on with, what cannot begin yet."""

from django.urls import reverse
from django.utils.translation import gettext as _

from cbpone.lib.tasklist import Task, next_task, progress, state
from scheduling.family import Family
from scheduling.questions import FAMILY, ORDER, PERSON

__all__ = ["Task", "after", "groups", "next_task", "page_url", "person_task", "progress"]


def page_url(key: str, member=None) -> str:
    if member:
        return reverse("scheduling:person_page", args=[member.traveler.reference, key])
    return reverse("scheduling:page", args=[key])


def person_task(family: Family, member) -> Task:
    """One line for a person: done when name, birth and nationality are there."""
    needed = [key for key in ("name", "birth", "nationality") if not family.has(key, member)]
    rest = [key for key in PERSON if not family.was_saved(key, member)]
    target = (needed or rest or ["name"])[0]
    begun = any(family.has(key, member) for key in ("birth", "nationality"))
    title = member.traveler.full_name or _("You")
    return Task(title, page_url(target, member), state(not needed, begun))


def photo_task(family: Family, member) -> Task:
    title = member.traveler.full_name or _("You")
    url = reverse("scheduling:photo", args=[member.traveler.reference])
    return Task(title, url, state(family.has("photo", member), False))


def family_task(family: Family, key: str) -> Task:
    question = FAMILY[key]
    done = family.was_saved(key) if question.optional else family.has(key)
    begun = family.page(key) is not None
    return Task(str(question.title), page_url(key), state(done, begun), optional=question.optional)


def groups(family: Family) -> list[tuple[str, list[Task]]]:
    people = reverse("scheduling:people")
    who = Task(_("Who is travelling"), people, state(family.has("people"), False))
    rest = [family_task(family, key) for key in ORDER if key != "rule" or family.regime]
    ready = family.is_complete
    sign = Task(
        _("Check and sign"),
        reverse("scheduling:check_answers") if ready else "",
        ("done" if family.registration.is_ready else "now") if ready else "blocked",
    )
    return [
        (_("Your family"), [who] + [person_task(family, m) for m in family.members]),
        (_("Photos"), [photo_task(family, member) for member in family.members]),
        (_("About your journey"), rest),
        (_("Finish"), [sign]),
    ]


def after(family: Family, key: str, member=None) -> str:
    """Where Continue leads: the next page of this person, then the photo, then the list."""
    if member and key in PERSON:
        keys = list(PERSON)
        left = keys[keys.index(key) + 1 :]
        return (
            page_url(left[0], member)
            if left
            else reverse("scheduling:photo", args=[member.traveler.reference])
        )
    return reverse("scheduling:registration")
