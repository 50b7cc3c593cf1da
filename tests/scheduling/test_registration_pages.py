"""The registration as a person meets it: page by page, with mistakes, from any device."""

import pytest

from scheduling.models import Page, Registration
from tests.factories import make_appointment, make_registration, make_user
from tests.photos.senders import send_form

BIRTH = {
    "birth_date_day": "4",
    "birth_date_month": "5",
    "birth_date_year": "1990",
    "sex": "female",
    "birth_city": "Caracas",
    "birth_country": "VE",
}


@pytest.fixture
def mine(applicant, client):
    client.force_login(applicant)
    return make_registration(applicant, people=2, signed=False)


def person_url(registration, key, position=1):
    member = registration.members.get(position=position)
    return f"/registration/people/{member.traveler.reference}/{key}/"


def test_start_twice_keeps_one_registration(client, applicant):
    client.force_login(applicant)

    client.post("/registration/start/")
    client.post("/registration/start/")

    assert Registration.objects.filter(owner=applicant).count() == 1


def test_start_by_get_is_refused(client, applicant):
    client.force_login(applicant)

    assert client.get("/registration/start/").status_code == 405


def test_continue_stores_the_page_and_leads_on(client, mine):
    response = client.post(person_url(mine, "birth"), BIRTH)

    traveler = mine.members.get(position=1).traveler
    assert (traveler.birth_city, str(traveler.birth_date)) == ("Caracas", "1990-05-04")
    assert response.url == person_url(mine, "nationality")
    assert Page.objects.get(registration=mine, key="birth").saved_at is not None


def test_mistake_keeps_everything_typed_on_the_page_and_on_any_device(client, mine):
    typed = BIRTH | {"birth_date_day": "31", "birth_date_month": "2", "birth_city": "San José"}

    shown = client.post(person_url(mine, "birth"), typed, follow=True).content.decode()
    later = client.get(person_url(mine, "birth")).content.decode()

    for page in (shown, later):
        assert "There is no such day" in page
        assert 'value="San José"' in page
        assert 'value="31"' in page
    assert str(mine.members.get(position=1).traveler.birth_date) == "1990-05-04"


def test_mistake_is_shown_by_a_page_of_its_own_so_that_back_works(client, mine):
    response = client.post(person_url(mine, "birth"), BIRTH | {"birth_city": ""})

    assert response.url == person_url(mine, "birth")


def test_too_long_a_text_is_told_plainly_and_kept(client, mine):
    page = client.post(person_url(mine, "name"), {"given_names": "x" * 500}, follow=True)

    assert "Use 200 letters or fewer" in page.content.decode()
    assert "x" * 500 in page.content.decode()


def test_height_out_of_range_is_told_beside_its_field(client, mine):
    page = client.post(person_url(mine, "about"), {"height_cm": "5"}, follow=True)

    assert page.context["form"].errors["height_cm"] == [
        "This number is too small. It must be at least 20."
    ]


@pytest.mark.parametrize("number", ["+0000000000", "+52 664 123 4567 ext 5", "12345"])
def test_phone_nobody_has_is_told(client, mine, number):
    page = client.post("/registration/contact/", {"phone": number}, follow=True)

    assert page.context["form"].errors["phone"]


def test_phone_in_arabic_digits_is_read(client, mine):
    client.post("/registration/contact/", {"phone": "+٥٢٦٦٤١٢٣٤٥٦٧"})

    mine.refresh_from_db()
    assert mine.phone == "+526641234567"


def test_name_loses_signs_nobody_sees(client, mine):
    client.post(person_url(mine, "name"), {"given_names": "Ana\u202eLuz"})

    assert mine.members.get(position=1).traveler.given_names == "AnaLuz"


def test_page_of_a_withdrawn_registration_is_gone(client, mine):
    url = person_url(mine, "name")
    client.post("/registration/withdraw/")

    assert client.get(url).status_code == 404


def test_mended_page_forgets_what_was_mistyped(client, mine):
    client.post(
        person_url(mine, "birth"), BIRTH | {"birth_date_day": "31", "birth_date_month": "2"}
    )

    client.post(person_url(mine, "birth"), BIRTH)

    assert Page.objects.get(registration=mine, key="birth").typed is None
    assert "There is no such day" not in client.get(person_url(mine, "birth")).content.decode()


@pytest.mark.parametrize("key", ["name", "birth", "nationality", "document", "about", "photo"])
def test_page_of_another_family_is_not_found(client, mine, key):
    client.force_login(make_user())

    assert client.get(person_url(mine, key)).status_code == 404
    assert client.post(person_url(mine, key), BIRTH).status_code == 404


def test_one_name_is_a_whole_name(client, mine):
    client.post(person_url(mine, "name"), {"given_names": "Suharto", "surnames": ""})

    assert mine.members.get(position=1).traveler.full_name == "Suharto"


def test_no_name_at_all_is_told_beside_the_field(client, mine):
    page = client.post(person_url(mine, "name"), {"given_names": "", "surnames": ""}, follow=True)

    assert "One name is enough" in page.content.decode()


def test_no_us_address_stops_nobody(client, mine):
    response = client.post("/registration/destination/", {"us_address_known": "no"})

    assert response.status_code == 302
    mine.refresh_from_db()
    assert mine.us_address_known == "no"


def test_add_and_remove_a_person(client, mine):
    client.post("/registration/people/add/", {"given_names": "Ines", "relation": "child"})
    member = mine.people().get(traveler__given_names="Ines")

    client.post(f"/registration/people/{member.traveler.reference}/remove/")

    assert mine.people().count() == 2


def test_photo_by_plain_form_is_stored_and_shown_to_its_family_only(client, mine):
    traveler = mine.members.get(position=1).traveler

    send_form(client, traveler, mine.owner)

    photo = traveler.photos.get(replaced_at=None)
    assert client.get(f"/photos/{photo.reference}/")["Content-Type"] == "image/jpeg"
    client.force_login(make_user())
    assert client.get(f"/photos/{photo.reference}/").status_code == 404


def test_photo_that_is_no_picture_is_told_what_to_do(client, mine):
    traveler = mine.members.get(position=1).traveler

    response = send_form(client, traveler, mine.owner, data=b"<html>not a picture</html>")

    assert 'class="error"' in client.get(response.url).content.decode()
    assert not traveler.photos.exists()


def test_photo_can_be_left_for_the_port(client, mine):
    mine.members.update(photo_at_port=False)

    client.post(person_url(mine, "photo"), {"at_port": "on"})

    assert mine.members.get(position=1).photo_at_port


def test_check_answers_shows_each_answer_with_a_way_back(client, mine):
    page = client.get("/registration/check/").content.decode()

    assert "Tijuana" in page
    assert f"{person_url(mine, 'birth')}?return=check" in page


def test_change_from_check_answers_returns_there(client, mine):
    response = client.post(person_url(mine, "birth"), BIRTH | {"return": "check"})

    assert response.url == "/registration/check/"


def test_sign_gives_number_and_seniority(client, mine):
    response = client.post("/registration/check/", {"name": "Ana Lopez", "true": "on"})

    mine.refresh_from_db()
    assert response.url == "/registration/signed/"
    assert mine.status == "registered"
    assert mine.reference in client.get("/registration/signed/").content.decode()


def test_sign_with_answers_missing_is_refused(client, applicant):
    client.force_login(applicant)
    mine = make_registration(applicant, complete=False)

    client.post("/registration/check/", {"name": "Ana", "true": "on"})

    mine.refresh_from_db()
    assert mine.status == "draft"


def test_sign_identity_of_a_live_registration_is_told(client, mine):
    twin = make_registration()
    taken = twin.members.get(position=1).traveler
    member = mine.members.get(position=1)
    type(taken).objects.filter(pk=member.traveler_id).update(document_number=taken.document_number)

    page = client.post("/registration/check/", {"name": "Ana", "true": "on"}).content.decode()

    mine.refresh_from_db()
    assert mine.status == "draft"
    assert "is in another registration already" in page


def test_edit_while_checked_in_is_refused_and_changes_nothing(client, applicant, officer):
    client.force_login(applicant)
    mine = make_registration(applicant)
    make_appointment(mine, status="checked_in", checked_in_by=officer)

    page = client.post(person_url(mine, "name"), {"given_names": "Other"}).content.decode()

    assert "checked in at the port" in page
    assert mine.members.get(position=1).traveler.given_names != "Other"


def test_withdraw_frees_the_identities(client, applicant):
    client.force_login(applicant)
    mine = make_registration(applicant)

    client.post("/registration/withdraw/")

    mine.refresh_from_db()
    assert mine.status == "withdrawn"
    assert not mine.members.filter(holds_identity=True).exists()


def test_task_list_names_what_can_not_begin_yet(client, applicant):
    client.force_login(applicant)
    make_registration(applicant, complete=False)

    page = client.get("/registration/").content.decode()

    assert "Cannot begin yet" in page
