"""Where the demo's families are in Mexico, by the port they would like, and where they go to."""

MEXICO = {
    # slug: city, state, area code; the first is across from the port and most wait there
    "san-ysidro": [("Tijuana", "Baja California", "664"), ("Rosarito", "Baja California", "661")],
    "calexico": [("Mexicali", "Baja California", "686")],
    "nogales": [("Nogales", "Sonora", "631"), ("Hermosillo", "Sonora", "662")],
    "el-paso": [("Ciudad Juárez", "Chihuahua", "656"), ("Chihuahua", "Chihuahua", "614")],
    "eagle-pass": [("Piedras Negras", "Coahuila", "878"), ("Saltillo", "Coahuila", "844")],
    "laredo": [("Nuevo Laredo", "Tamaulipas", "867"), ("Monterrey", "Nuevo León", "818")],
    "hidalgo": [("Reynosa", "Tamaulipas", "899"), ("Monterrey", "Nuevo León", "818")],
    "brownsville": [("Matamoros", "Tamaulipas", "868"), ("Ciudad Victoria", "Tamaulipas", "834")],
}
INLAND = [
    ("Ciudad de México", "Ciudad de México", "555"),
    ("Tapachula", "Chiapas", "962"),
    ("Puebla", "Puebla", "222"),
    ("Querétaro", "Querétaro", "442"),
]
SHELTERS = [
    "Albergue Casa del Buen Camino",
    "Albergue La Esperanza",
    "Casa del Peregrino",
    "Refugio Puerta Abierta",
    "Albergue Manos Unidas del Norte",
    "Casa Hogar Tres Caminos",
]
STREETS = [
    "Calle Madero",
    "Calle Hidalgo",
    "Avenida Juárez",
    "Calle 5 de Mayo",
    "Calle Niños Héroes",
]
UNITED_STATES = [
    ("Miami", "FL", "33135", "305"),
    ("Orlando", "FL", "32808", "407"),
    ("Tampa", "FL", "33614", "813"),
    ("Houston", "TX", "77036", "713"),
    ("Dallas", "TX", "75217", "214"),
    ("Chicago", "IL", "60623", "773"),
    ("Brooklyn", "NY", "11226", "718"),
    ("Los Angeles", "CA", "90057", "213"),
    ("Fresno", "CA", "93702", "559"),
    ("Indianapolis", "IN", "46224", "317"),
    ("Columbus", "OH", "43213", "614"),
    ("Charlotte", "NC", "28212", "704"),
    ("Aurora", "CO", "80010", "303"),
    ("Salt Lake City", "UT", "84116", "801"),
    ("Everett", "MA", "02149", "617"),
]
US_STREETS = ["Maple St", "Oak Ave", "2nd St", "Washington Blvd", "Lincoln Ave", "Palm Dr"]
TIES = ["sister", "brother", "mother", "father", "cousin", "friend", "aunt"]
WAY = {
    "VE": "Colombia, Panama, Costa Rica, Nicaragua, Honduras, Guatemala",
    "HT": "Dominican Republic, Chile, Peru, Ecuador, Colombia, Panama, Costa Rica, Guatemala",
    "CU": "Nicaragua, Honduras, Guatemala",
    "HN": "Guatemala",
    "SV": "Guatemala",
    "NI": "Honduras, Guatemala",
    "CO": "Panama, Costa Rica, Honduras, Guatemala",
    "EC": "Colombia, Panama, Costa Rica, Guatemala",
    "PE": "Ecuador, Colombia, Panama, Guatemala",
    "RU": "Turkey",
    "BY": "Turkey",
    "UA": "Poland",
    "AF": "Iran, Brazil, Colombia, Panama, Guatemala",
}


def in_mexico(rng, slug: str) -> dict:
    roll = rng.random()
    near = MEXICO[slug]
    city, state, area = near[0] if roll < 0.72 else rng.choice(near if roll < 0.82 else INLAND)
    home = f"{rng.choice(STREETS)} {rng.randrange(1, 900)}"
    return {
        "phone": f"+52{area}555{rng.randrange(10_000):04}",
        "mexico_city": city,
        "mexico_state": state,
        "mexico_address": rng.choice([rng.choice(SHELTERS), home, ""]),
    }


def in_united_states(rng, contact: str) -> dict:
    """Six families in ten know an address."""
    city, state, code, area = rng.choice(UNITED_STATES)
    street = f"{rng.randrange(100, 9900)} {rng.choice(US_STREETS)}"
    phone = f"+1{area}55501{rng.randrange(100):02}"
    if rng.random() >= 0.6:
        return {"us_address_known": "no"}
    return {
        "us_address_known": "yes",
        "us_contact": contact,
        "us_contact_phone": phone,
        "us_street": street,
        "us_city": city,
        "us_state": state,
        "us_zip": code,
    }
