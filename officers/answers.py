"""A support request as a reviewer reads it: every answer, in groups, with a label each."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cbpone.lib.summary import Line, shown
from parole.guidelines import Ratio
from parole.models import SupportRequest


@dataclass
class Group:
    title: str
    lines: list[Line]


def groups(request: SupportRequest) -> list[Group]:
    """All that was filed, without empty lines. Of the Social Security number the last digits."""
    parts = [
        (_("Who supports"), _supporter(request.supporter)),
        (_("Who files"), _filer(request)),
        (_("The person who is to travel"), _person(request)),
        (_("Money"), _money(request)),
        (_("Housing"), _housing(request)),
        (_("Plan for the first months"), _plan(request)),
        (_("Signature"), _signature(request)),
    ]
    return [
        Group(title, [Line(label, text) for label, text in lines if text]) for title, lines in parts
    ]


def means(ratio: Ratio) -> list[Line]:
    """The money beside the poverty guideline, as far as there is one."""
    percent = "" if ratio.percent is None else f"{ratio.percent:,}"
    lines = [
        (_("percent of the guideline"), percent),
        (_("people this money is for"), str(ratio.people)),
        (_("income in a year"), dollars(ratio.income)),
        (_("guideline for so many"), dollars(ratio.dollars_needed)),
        (_("other means"), dollars(ratio.assets)),
    ]
    return [Line(label, value) for label, value in lines if value]


def dollars(value: int | None) -> str:
    return "" if value is None else f"${value:,}"


def _place(*parts) -> str:
    return ", ".join(str(part) for part in parts if part)


def _supporter(row) -> list[tuple[str, str]]:
    mailing = _place(row.mailing_street, row.mailing_city, row.mailing_state, row.mailing_zip)
    return [
        (_("Name"), str(row)),
        (_("Other names"), row.other_names),
        (_("Date of birth"), shown(row, "birth_date")),
        (_("Sex"), shown(row, "sex")),
        (_("Country of birth"), shown(row, "birth_country")),
        (_("Citizenship"), shown(row, "citizenship")),
        (_("Status in the United States"), shown(row, "status")),
        (_("Status valid until"), shown(row, "status_expires_on")),
        (_("A-number"), row.a_number),
        (_("USCIS online account"), row.uscis_account),
        (_("Social Security number"), _("ends in %s") % row.ssn_last if row.ssn_last else ""),
        (_("Lives at"), _place(row.street, row.city, row.state, row.zip)),
        (_("Gets mail at"), mailing),
        (_("Phone"), row.phone),
        (_("E-mail"), row.email),
    ]


def _filer(request) -> list[tuple[str, str]]:
    others = [
        _place(
            other,
            shown(other, "birth_date"),
            other.relation,
            shown(other, "status"),
            dollars(other.annual_income),
        )
        for other in request.co_supporters.all()
    ]
    preparer = _place(request.preparer_name, request.preparer_phone)
    return [
        (_("Files"), shown(request, "filer_type")),
        (_("Organization"), _place(request.organization, request.organization_contact)),
        (_("Supports together with"), "; ".join(others)),
        (_("Somebody helped to fill it in"), preparer or shown(request, "has_preparer")),
        (_("Account"), request.owner.email),
    ]


def _person(request) -> list[tuple[str, str]]:
    row, who = request.beneficiary, request.beneficiary.written
    principal = request.principal
    follows = ""
    if principal:
        follows = _("%(relation)s of %(name)s, %(number)s") % {
            "relation": shown(request, "principal_relation"),
            "name": principal.beneficiary.written,
            "number": principal.reference,
        }
    document = _place(
        who.document_number, shown(who, "document_country"), shown(who, "document_expires_on")
    )
    months = row.stay_months
    return [
        (_("Name"), str(who)),
        (_("Other names"), who.other_names),
        (_("Date of birth"), shown(who, "birth_date")),
        (_("Sex"), shown(who, "sex")),
        (_("Born in"), _place(who.birth_city, shown(who, "birth_country"))),
        (_("Nationality"), _place(shown(who, "nationality"), shown(who, "other_nationality"))),
        (_("Passport, country, valid until"), document),
        (_("Marital status"), shown(who, "marital_status")),
        (_("Process"), str(request.process)),
        (_("Travels as family"), follows),
        (_("To the supporter"), shown(row, "relation")),
        (_("Lives at"), _place(row.written_street, shown(row, "written_country"))),
        (_("E-mail"), row.written_email),
        (_("Phone"), row.written_phone),
        (_("Months of support"), str(months) if months else ""),
        (_("Own money in a year"), dollars(row.own_money)),
        (_("Depend on the person"), shown(row, "own_dependants")),
    ]


def _money(request) -> list[tuple[str, str]]:
    row = request.supporter
    carried = [
        _place(one, shown(one, "form"), shown(one, "filed_on")) for one in request.carried.all()
    ]
    return [
        (_("Work"), _place(shown(row, "employment"), row.occupation, row.employer)),
        (_("Own income in a year"), dollars(row.annual_income)),
        (_("People in the household"), shown(row, "household_size")),
        (_("Income of the household"), dollars(row.household_income)),
        (_("Depend on the supporter"), shown(row, "dependants")),
        (_("Tax return, year"), shown(row, "tax_year")),
        (_("Tax return, total income"), dollars(row.tax_income)),
        (_("In bank accounts"), dollars(row.bank)),
        (_("Houses or land"), dollars(row.real_estate)),
        (_("Stocks and bonds"), dollars(row.securities)),
        (_("Other things of value"), dollars(row.other_assets)),
        (_("Supports already"), "; ".join(carried)),
    ]


def _housing(request) -> list[tuple[str, str]]:
    at = (request.housing_street, request.housing_city, request.housing_state, request.housing_zip)
    return [
        (_("The person would live"), shown(request, "lives")),
        (_("Address"), _place(*at)),
        (_("Bedrooms"), shown(request, "bedrooms")),
        (_("People who live there"), shown(request, "occupants")),
    ]


def _plan(request) -> list[tuple[str, str]]:
    return [
        (_("Arrival"), request.plan_reception),
        (_("Housing"), request.plan_housing),
        (_("Work and English"), request.plan_work),
        (_("School and services"), request.plan_school),
        (_("Health care"), request.plan_health),
    ]


def _signature(request) -> list[tuple[str, str]]:
    chosen = request.selection
    day = date_format(chosen.day, "j F Y") if chosen else ""
    place = f"{request.filing_number:,}" if request.filing_number else ""
    return [
        (_("Signed"), request.signed_name),
        (_("Place in order of filing"), place),
        (_("Filed from connection"), request.filed_ip or ""),
        (_("Chosen for review"), _place(day, shown(request, "picked"))),
    ]
