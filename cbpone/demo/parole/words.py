"""Streets, work and plans that supporters write. All invented; phone numbers and networks are
those set aside for examples."""

from random import Random

# City, state, ZIP codes; where many supporters live.
CITIES = [
    ("Miami", "FL", ["33127", "33137", "33147", "33161"], 30),
    ("Orlando", "FL", ["32801", "32808", "32822"], 14),
    ("Tampa", "FL", ["33604", "33614"], 9),
    ("Fort Lauderdale", "FL", ["33311", "33313"], 9),
    ("Brooklyn", "NY", ["11203", "11210", "11226"], 9),
    ("Boston", "MA", ["02121", "02124"], 7),
    ("Houston", "TX", ["77036", "77081"], 8),
    ("Newark", "NJ", ["07103", "07107"], 5),
    ("Atlanta", "GA", ["30310", "30318"], 4),
    ("Las Vegas", "NV", ["89101", "89110"], 3),
    ("Indianapolis", "IN", ["46201", "46218"], 2),
]
STREETS = (
    "Oak Street|Maple Avenue|NW 7th Court|Palm Drive|Lakeview Road|Church Street|Orange Avenue|"
    "Cypress Lane|NE 54th Street|Biscayne Road|Linden Boulevard|Blue Hill Avenue|Hibiscus Way|"
    "Coral Terrace|Magnolia Street|Sunset Drive|River Road|Pine Street|Washington Avenue|"
    "Jefferson Street|Garden Road|Mango Street|Flagler Court|Almeda Road|Elm Street"
).split("|")
WORK = [
    ("nurse", "Mercy Hospital", 61_000),
    ("truck driver", "Sunline Freight", 55_000),
    ("home health aide", "Good Hands Care", 34_000),
    ("teacher", "Lincoln Elementary School", 52_000),
    ("electrician", "Bright Electric", 63_000),
    ("cook", "Casa Verde", 36_000),
    ("hotel supervisor", "Bayfront Hotel", 43_000),
    ("accountant", "Perez and Sons", 68_000),
    ("construction worker", "Tower Builders", 47_000),
    ("warehouse worker", "Atlantic Logistics", 39_000),
    ("pharmacist", "Corner Pharmacy", 112_000),
    ("engineer", "Gulf Systems", 96_000),
]
WHO = "my sister|my brother|my cousin|my mother|my father|my niece|my nephew|my friend".split("|")
MEET = [
    "I will wait for {who} at the airport with my car and we drive home together.",
    "My husband and I meet {who} at the arrivals hall; it is half an hour to our house.",
    "Two of us from the church pick up {who} and bring a warm meal for the way.",
    "{Who} takes the shuttle with my son, who speaks the language, straight to our door.",
    "I have the day off from work and come to the airport with the papers in my hand.",
    "My neighbor lends me the van, so that the luggage of {who} fits as well.",
    "We fly together from Miami; I meet {who} at the gate after the inspection.",
]
HOUSE = [
    "There is a room with a window to the garden, a bed and a desk. It was my daughter's.",
    "{Who} shares the large bedroom with my mother until we find a place nearby.",
    "We rented a two-bedroom apartment in March; the second one is for {who}.",
    "Our basement has its own bath and kitchen. Nobody pays rent there for the first year.",
    "My brother moved out in summer, and his room is painted and ready.",
    "For the first months with us, later in the apartment of my aunt on the same street.",
    "The parish has a guest house two blocks away where a family can stay until spring.",
]
JOBS = [
    "I fill in the papers for the work permit with {who} in the first week.",
    "My employer looks for people in the laundry and knows that {who} is coming.",
    "{Who} was a mechanic at home; a garage on Fifth Street wants to meet {who}.",
    "We go to the library together, where there are English classes on Tuesday evenings.",
    "I help with the Social Security card and a bank account, and with a first resume.",
    "A friend of mine runs a cleaning company and pays fairly; that is a way to begin.",
    "The community college has a program for nurses from abroad; I asked for the brochure.",
]
SCHOOL = [
    "The adult school on our street starts a new course every January.",
    "There is a bus to the college, and I pay the pass until there is a salary.",
    "My children teach the alphabet to everybody; they are very strict.",
    "We know the social worker at the neighborhood center and have an appointment.",
    "No school is needed at once, but I want {who} to finish the degree.",
]
HEALTH = [
    "Our clinic has a sliding scale, and I pay what is left.",
    "I put {who} on a plan from the marketplace as soon as there is a number.",
    "Doctor Alvarez, who delivered my sons, takes new patients.",
    "The county hospital is ten minutes away; I keep money aside for it.",
    "{Who} is healthy. For everything else there is the clinic at the church.",
]
# One text that went around: names change, nothing else does.
COPIED = (
    "I promise to receive this person at the airport and to give a home, food and clothes during "
    "two years. I have enough money and a good house in a quiet part of the city with a school "
    "and a hospital near. The person can look for work from the first day and I will help with "
    "all the papers that the government asks for, because I know the process very well and I "
    "have done it before with good results for many families."
)


def plan(rng: Random) -> dict[str, str]:
    who = rng.choice(WHO)
    chosen = {
        "plan_reception": rng.sample(MEET, rng.choice([1, 2])),
        "plan_housing": rng.sample(HOUSE, rng.choice([1, 2])),
        "plan_work": rng.sample(JOBS, rng.choice([1, 2, 3])),
        "plan_school": rng.sample(SCHOOL, rng.choice([0, 1, 1])),
        "plan_health": rng.sample(HEALTH, rng.choice([0, 1, 1])),
    }
    return {
        name: " ".join(parts).format(who=who, Who=who[0].upper() + who[1:])
        for name, parts in chosen.items()
    }


def address(rng: Random) -> dict[str, str]:
    city, state, zips, _weight = rng.choices(CITIES, [row[3] for row in CITIES])[0]
    return {
        "street": f"{rng.randrange(100, 9900)} {rng.choice(STREETS)}",
        "city": city,
        "state": state,
        "zip": rng.choice(zips),
    }


def phone(rng: Random) -> str:
    return f"+1{rng.choice([305, 407, 813, 718, 617, 713])}555{rng.randrange(10_000):04}"


def ssn(rng: Random) -> str:
    """Nine digits that could exist, from areas that were never given to this many people."""
    area = rng.choice([n for n in range(100, 773) if n != 666])
    return f"{area:03}{rng.randrange(1, 100):02}{rng.randrange(1, 10_000):04}"


def network(rng: Random) -> str:
    return f"198.51.{rng.randrange(100, 116)}.{rng.randrange(1, 255)}"
