"""Finding people by name in any order and spelling, by birth year, and by document."""

import random
import string

import pytest
from django.db import connection

from cbpone.travelers.finding import people_named, people_with_document, spellings_of
from cbpone.travelers.models import NameWord
from cbpone.travelers.sounds import sound_of, sql
from tests.factories import make_traveler

pytestmark = pytest.mark.django_db


def person(name: str, surnames: str, **values):
    return make_traveler(given_names=name, surnames=surnames, **values)


@pytest.mark.parametrize(
    "typed",
    [
        "María Fernanda Rodríguez",
        "rodriguez maria",
        "RODRIGUEZ",
        "rodrigues fernanda",  # another spelling
        "rodirguez maria",  # two letters swapped
        "rodrig mar",  # begun
        "maria rodriguez 1990",
    ],
)
def test_people_named_finds_in_any_order_and_spelling(typed):
    who = person("María Fernanda", "Rodríguez Pérez")
    person("María", "Lopez")

    assert list(people_named(typed)) == [who]


@pytest.mark.parametrize(("written", "typed"), [
    ("Yeferson", "jefferson"), ("Gonzalez", "gonsales"), ("Valery", "baleri"),
    ("Jhon", "jon"), ("Sokolov", "sokolow"), ("Toussaint", "tousaint"),
])  # fmt: skip
def test_people_named_finds_what_sounds_alike(written, typed):
    who = person(written, "Lopez")

    assert list(people_named(typed)) == [who]


@pytest.mark.parametrize("typed", ["maria sanchez", "maria rodriguez 1985", "zzz"])
def test_people_named_finds_nobody_else(typed):
    person("María", "Rodríguez")

    assert list(people_named(typed)) == []


@pytest.mark.parametrize("typed", ["", "1990", "664 123 4567", "--"])
def test_people_named_of_no_word_is_no_question(typed):
    person("María", "Rodríguez")

    found = people_named(typed)

    assert found is None or not found.exists()


@pytest.mark.parametrize("typed", ["V1234O67", "v-1234 067", "V1234"])
def test_people_with_document_finds_other_spellings_and_beginnings(typed):
    who = person("Ana", "Lopez", document_number="V-1234067")
    person("Eva", "Lopez", document_number="V9934067")

    assert list(people_with_document(typed)) == [who]


@pytest.mark.parametrize("typed", ["maria", "V12", ""])
def test_people_with_document_needs_some_letters_and_a_digit(typed):
    assert people_with_document(typed) is None


def test_words_of_names_are_learned_once_as_they_are_saved():
    who = person("Rosa", "Paz")
    who.surnames = "Paz Luna"
    who.save()
    person("Rosa", "Luna")

    assert sorted(NameWord.objects.values_list("word", flat=True)) == ["luna", "paz", "rosa"]


def test_words_of_names_are_left_alone_when_something_else_is_saved():
    who = person("Rosa", "Paz")
    NameWord.objects.all().delete()
    who.occupation = "nurse"
    who.save(update_fields=["occupation"])

    assert not NameWord.objects.exists()


def test_spellings_begin_with_the_nearest_and_are_few():
    for number in range(40):
        person(f"maria{number:02}", "Lopez")
    person("Maria", "Lopez")

    found = spellings_of("maria")

    assert found[0] == "maria"
    assert len(found) == 16


def test_database_hears_the_same_sounds():
    chance = random.Random(7)
    letters = string.ascii_lowercase + "hhhqucgijlyvwzx"
    words = ["".join(chance.choices(letters, k=chance.randrange(1, 12))) for _ in range(3000)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word, travelers_sound(word) FROM unnest(%s::text[]) AS word", [words]
        )
        heard = dict(cursor.fetchall())
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'travelers_sound'")
        source = cursor.fetchone()[0]

    assert heard == {word: sound_of(word) for word in words}
    assert source.strip() == f"SELECT {sql()}"
