"""Which state a ZIP code lies in, by its first three digits (USPS labeling list L002)."""

# state: ranges of prefixes, both ends included. A few prefixes serve towns of two states.
RANGES = {
    "AL": "350-352 354-369", "AK": "995-999", "AZ": "850-853 855-857 859-860 863-865",
    "AR": "716-729 755", "CA": "900-908 910-928 930-961", "CO": "800-816",
    "CT": "060-069", "DE": "197-199", "DC": "200-205 569", "FL": "320-339 341-342 344 346-347 349",
    "GA": "300-319 398-399", "HI": "967-968", "IA": "500-516 520-528", "ID": "832-838",
    "IL": "600-620 622-629", "IN": "460-479", "KS": "660-662 664-679", "KY": "400-418 420-427",
    "LA": "700-701 703-708 710-714", "MA": "010-027 055", "MD": "206-212 214-219", "ME": "039-049",
    "MI": "480-499", "MN": "550-551 553-567", "MO": "630-631 633-641 644-658", "MS": "386-397",
    "MT": "590-599", "NC": "270-289", "ND": "580-588", "NE": "680-681 683-693", "NH": "030-038",
    "NJ": "070-089", "NM": "870-871 873-875 877-884", "NV": "889-891 893-895 897-898",
    "NY": "005 063 100-149", "OH": "430-459", "OK": "730-731 734-741 743-749", "OR": "970-979",
    "PA": "150-191 193-196", "PR": "006-007 009", "RI": "028-029", "SC": "290-299",
    "SD": "570-577", "TN": "370-385", "TX": "733 750-770 772-799 885", "UT": "840-847",
    "VA": "201 205 220-246", "VI": "008", "VT": "050-054 056-059", "WA": "980-986 988-994",
    "WI": "530-532 534-535 537-549", "WV": "247-268", "WY": "820-831 834",
    "GU": "969", "MP": "969", "AS": "967",
}  # fmt: skip


def _table() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for state, ranges in RANGES.items():
        for part in ranges.split():
            first, _dash, last = part.partition("-")
            for number in range(int(first), int(last or first) + 1):
                prefix = f"{number:03}"
                table[prefix] = (*table.get(prefix, ()), state)
    return table


TABLE = _table()


def states_of(zip_code: str) -> tuple[str, ...]:
    """States that a ZIP code can lie in; none for one that is not in use or not written as one."""
    digits = zip_code.strip().replace("-", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) in (5, 9)):
        return ()
    return TABLE.get(digits[:3], ())
