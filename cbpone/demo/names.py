"""Names, birthplaces, papers and languages that fit a nationality. All invented by mixing lists."""

from dataclasses import dataclass, field

from cbpone.lib.references import ALPHABET, read_reference

WOMEN = """María Ana Carmen Rosa Daniela Gabriela Valentina Camila Yolanda Patricia Verónica Lucía
Isabel Andrea Paola Mónica Teresa Elena Sofía Adriana Beatriz Alejandra Silvia Inés Ximena Marta
Lorena Diana Victoria Raquel Noemí Esther Belén Julia Carolina Fernanda""".split()
MEN = """José Luis Carlos Juan Miguel Ángel Jesús Pedro Jorge Andrés Daniel David Óscar Ramón Iván
Rafael Héctor Fernando Ricardo Eduardo Sergio Gabriel Martín Mateo Samuel Tomás Adrián Julio Raúl
Manuel Diego Santiago Emilio Nicolás Víctor Joaquín""".split()
SURNAMES = """García Rodríguez Martínez Hernández López González Pérez Sánchez Ramírez Torres Flores
Rivera Gómez Díaz Reyes Morales Cruz Ortiz Gutiérrez Chávez Ramos Ruiz Álvarez Mendoza Vásquez
Castillo Jiménez Moreno Romero Herrera Medina Aguilar Vargas Guzmán Muñoz Salazar Contreras Peña
Rojas Núñez Delgado Vega Ríos Cabrera Soto Campos Mejía Ibáñez Zúñiga Yáñez Acuña""".split()
SLAVIC = {
    "women": "Anna Elena Olga Natalia Tatiana Irina Svetlana Ekaterina Maria Ksenia Daria Yulia "
    "Polina Alena Veronika Lyudmila Galina Sofya".split(),
    "men": "Aleksandr Dmitrii Sergei Andrei Aleksei Maksim Evgenii Ivan Mikhail Nikolai Artem "
    "Pavel Roman Ilya Kirill Timofei Yurii Vyacheslav".split(),
}


@dataclass(frozen=True)
class Nation:
    """`order`: two surnames (Spanish), one, gendered (-ov, -ova) or often none at all."""

    cities: list[str]
    papers: dict[str, str]
    women: list[str] = field(default_factory=list)
    men: list[str] = field(default_factory=list)
    surnames: list[str] = field(default_factory=list)
    order: str = "two"
    languages: tuple[str, ...] = ("es",)
    local: tuple[str, ...] = ()  # spoken besides or instead by some
    other: str = ""


def _spanish(cities, papers, women="", men="", surnames="", **more) -> Nation:
    return Nation(
        cities.split(", "),
        papers,
        WOMEN + women.split() * 2,
        MEN + men.split() * 2,
        SURNAMES + surnames.split() * 2,
        **more,
    )


def _other(cities, papers, women, men, surnames, order, languages, **more) -> Nation:
    women, men, surnames = (_listed(names) for names in (women, men, surnames))
    return Nation(cities.split(", "), papers, women, men, surnames, order, languages, **more)


def _listed(names: str | list[str]) -> list[str]:
    return names.split() if isinstance(names, str) else names


NATIONS = {
    "VE": _spanish(
        "Caracas, Maracaibo, Valencia, Barquisimeto, Maturín, San Cristóbal, Barinas, Cumaná",
        {"passport": "#########", "national_id": "V########"},
        "Yulimar Yorgelis Daniuska Mariangel Génesis Yuleisy Milagros",
        "Wilmer Jhonatan Yeferson Kelvin Edixon Leonardo Yorman",
        "Briceño Urdaneta Colmenares Bracho Graterol Parra Chirinos",
    ),
    "MX": _spanish(
        "Apatzingán, Uruapan, Iguala, Chilpancingo, Acapulco, Aguililla, Zacatecas, Tepic, Morelia",
        {"passport": "G########", "national_id": "##############", "consular_id": "C#######"},
        "Guadalupe Xóchitl Citlali Rocío Araceli Yaretzi Dulce",
        "Cuauhtémoc Refugio Abelardo Ulises Efraín Gerardo Noé",
        "Villaseñor Barragán Cuevas Bautista Tlatempa Farías Zepeda",
        local=("nah", "mix"),
    ),
    "HT": _other(
        "Port-au-Prince, Cap-Haïtien, Gonaïves, Les Cayes, Jacmel, Léogâne, Hinche, Saint-Marc",
        {"passport": "R#######", "national_id": "##########"},
        "Marie-Ange Wideline Rose-Laure Nadège Fabiola Guerline Islande Mirlande Esther Daphnée "
        "Roselène Naïka Lovelie Judith Francesca Béatrice Myrlande Darline",
        "Jean-Robert Wilson Frantz Emmanuel Ricardo Jocelyn Stanley Widler Evens Pierre-Louis "
        "Dieudonné Fritznel Rodney Schneider Wisly Jameson Reginald Kervens",
        "Jean-Baptiste Pierre Joseph Louis Charles Saint-Fleur Dorvil Célestin Augustin Estimé "
        "Jean-François Toussaint Désir Noël Casimir Philogène Mondésir Exantus",
        "one",
        ("ht",),
        local=("fr", "es", "pt"),
    ),
    "CU": _spanish(
        "La Habana, Santiago de Cuba, Holguín, Camagüey, Santa Clara, Matanzas, Pinar del Río",
        {"passport": "K######", "national_id": "###########"},
        "Yaimara Yanelis Dayana Lisandra Yusimí Mailén Odalys",
        "Yoandry Yunior Yasmany Lázaro Alexei Dariel Osmany",
        "Leyva Batista Pupo Fonseca Machado Cisneros Echevarría",
    ),
    "HN": _spanish(
        "San Pedro Sula, Tegucigalpa, Choloma, La Ceiba, El Progreso, Comayagua, Trujillo",
        {"passport": "E######", "national_id": "#############"},
        "Keyla Suyapa Dunia Reina Wendy",
        "Nahún Wilfredo Selvin Marlon Elmer",
        "Discua Paz Zelaya Funes Euceda Cárcamo",
        local=("gar",),
    ),
    "RU": _other(
        "Moskva, Sankt-Peterburg, Kazan, Krasnodar, Makhachkala, Samara, Yekaterinburg, Ufa",
        {"passport": "#########", "national_id": "##########"},
        SLAVIC["women"],
        SLAVIC["men"],
        "Ivanov Smirnov Kuznetsov Popov Sokolov Lebedev Novikov Morozov Volkov Zaitsev Solovyev "
        "Borisov Fedorov Shcherbakov Magomedov Gadzhiev",
        "gendered",
        ("ru",),
    ),
    "CO": _spanish(
        "Cali, Medellín, Bogotá, Buenaventura, Cúcuta, Tumaco, Pasto",
        {"passport": "AV######", "national_id": "##########"},
        surnames="Quiñones Ospina Mosquera Arango Cifuentes",
    ),
    "SV": _spanish(
        "San Salvador, Soyapango, San Miguel, Santa Ana, Usulután",
        {"passport": "A########", "national_id": "#########"},
        surnames="Alvarenga Portillo Menjívar Escobar",
    ),
    "GT": _spanish(
        "Huehuetenango, Quetzaltenango, Cobán, Ciudad de Guatemala, Jalapa, San Marcos",
        {"passport": "#########", "national_id": "#############"},
        surnames="Tzoc Xicay Caal Pop Ixcoy Coc Choc Mátzar Ajanel",
        local=("mam", "quc", "kek"),
    ),
    "EC": _spanish(
        "Guayaquil, Esmeraldas, Cuenca, Ambato, Machala",
        {"passport": "A#######", "national_id": "##########"},
        surnames="Guamán Quishpe Zambrano Cedeño Toapanta",
    ),
    "PE": _spanish(
        "Lima, Trujillo, Chiclayo, Huancayo, Arequipa",
        {"passport": "#########", "national_id": "########"},
        surnames="Quispe Mamani Huamán Ccori Yupanqui",
    ),
    "NI": _spanish(
        "Managua, León, Estelí, Chinandega, Masaya",
        {"passport": "C########", "national_id": "#############A"},
        surnames="Téllez Membreño Obando Centeno",
    ),
    "CL": _spanish(
        "Santiago, Antofagasta, Valparaíso, Iquique",
        {"passport": "F########", "national_id": "########K"},
        surnames="Sepúlveda Fuentealba Araya",
    ),
    "AF": _other(
        "Kabul, Herat, Mazar-e Sharif, Kandahar, Ghazni",
        {"passport": "P########", "national_id": "####-####-#####"},
        "Fatima Zahra Maryam Shukria Parwana Nargis Roya Freshta",
        "Mohammad Ahmad Rahmatullah Najibullah Habib Esmatullah Farid Zabihullah",
        "Ahmadi Rahimi Hosseini Noori Sadat Karimi Haidari",
        "none",
        (),
        other="Dari",
    ),
    "BY": _other(
        "Minsk, Gomel, Grodno, Brest, Vitebsk",
        {"passport": "MP#######"},
        SLAVIC["women"],
        SLAVIC["men"],
        "Kavalchuk Zhuk Novik Sidorenko Karpovich Bondarenko Lukashevich Pashkevich",
        "one",
        ("ru",),
        other="Belarusian",
    ),
    "BR": _other(
        "Governador Valadares, Belo Horizonte, Goiânia, Vitória",
        {"passport": "FY######", "national_id": "#########"},
        "Maria Juliana Larissa Tatiane Letícia Conceição Fátima Luana",
        "João Antônio Thiago Wellington Lucas Sebastião Marcelo Vinícius",
        "da Silva|dos Santos|de Oliveira|Gonçalves|Araújo|Pereira da Costa|Magalhães".split("|"),
        "two",
        ("pt",),
    ),
    "UA": _other(
        "Kharkiv, Mariupol, Odesa, Kherson, Zaporizhzhia",
        {"passport": "FE######"},
        SLAVIC["women"],
        SLAVIC["men"],
        "Shevchenko Kovalenko Tkachenko Bondar Melnyk Kravchuk Oliinyk Lysenko",
        "one",
        ("uk", "ru"),
    ),
    "UZ": _other(
        "Tashkent, Samarkand, Bukhara, Namangan, Andijan",
        {"passport": "FA#######"},
        "Dilnoza Gulnora Malika Nigora Zilola Feruza",
        "Sherzod Jasur Bekzod Otabek Ulugbek Dilshod",
        "Karimov Yusupov Rakhimov Tursunov Abdullaev Ergashev",
        "gendered",
        ("ru",),
        other="Uzbek",
    ),
    "CM": _other(
        "Bamenda, Douala, Buea, Yaoundé, Kumba",
        {"passport": "0#######", "national_id": "#########"},
        "Ngozi Solange Chantal Mireille Beatrice",
        "Ngwa Achille Bertrand Tabe Emmanuel",
        "Tchoumi Nkeng Fon Mbarga Eyong Ndi",
        "one",
        ("en", "fr"),
    ),
}
# Parts in a hundred. The first six follow published monthly figures; the others share the rest.
SHARES = {"VE": 21, "MX": 22, "HT": 20, "CU": 10, "HN": 8, "RU": 4, "CO": 3, "SV": 2.5, "GT": 2.5}
SHARES |= {"EC": 1.5, "PE": 1, "NI": 1, "AF": 1, "BY": 0.6, "BR": 0.6, "CL": 0.5, "UA": 0.3}
SHARES |= {"UZ": 0.3, "CM": 0.2}
LONG = "del Perpetuo Socorro|de los Ángeles Guadalupe|de la Santísima Trinidad|de Jesús Nazareno"
LONG_SURNAMES = "de la Cruz y Santiago|Fernández de Córdova Montenegro|viuda de los Monteros"


def surnames_of(rng, nation: Nation) -> list[str]:
    """What a family hands on: two surnames, one, or for some none."""
    if nation.order == "none" and rng.random() < 0.55:
        return []
    pair = rng.sample(nation.surnames, 2)
    return pair if nation.order == "two" else pair[:1]


def for_sex(surname: str, nation: Nation, woman: bool) -> str:
    gendered = nation.order == "gendered" and woman and surname.endswith(("ov", "ev", "in"))
    return surname + "a" if gendered else surname


def given_names(rng, nation: Nation, woman: bool) -> str:
    names = nation.women if woman else nation.men
    both = nation.order == "two" and rng.random() < 0.6
    chosen = rng.sample(sorted(set(names)), 2) if both else [rng.choice(names)]
    if nation.order == "two" and rng.random() < 0.012:
        chosen.append(rng.choice(LONG.split("|")))
    return " ".join(chosen)


def filled_in(rng, pattern: str) -> str:
    return "".join(str(rng.randrange(10)) if char == "#" else char for char in pattern)


def number(rng, kind: str) -> str:
    """A public reference by seeded chance; the check character is the one that reads well."""
    body = "".join(rng.choice(ALPHABET) for _ in range(7))
    return next(code for char in ALPHABET if (code := read_reference(body + char, kind)))
