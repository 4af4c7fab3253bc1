"""Therapists from a CSV file: every row that can be used, and every cell that cannot."""

from dataclasses import dataclass

from core.network.cells import CellProblem, Cells
from core.network.problems import listed, shown
from core.network.schema import Network
from core.network.table import Record, read_table
from core.network.week import VIDEO, HoursRow, read_hours

NEEDED = ("name", "email", "services", "settings", "formats", "age_groups", "languages", "funding")
OPTIONAL = (
    "title",
    "gender",
    "modalities",
    "concerns",
    "exclusions",
    "sites",
    "accessible",
    "hours",
    "places",
)


@dataclass(frozen=True)
class TherapistRow:
    """One therapist as the file says; the values are codes of the network.

    `concerns` is the focus, `exclusions` what they do not treat; `places` is the number of
    free therapy places; `accessible` is true by default where all their sites are step free.
    """

    row: int
    name: str
    title: str
    email: str
    gender: str
    services: tuple[str, ...]
    modalities: tuple[str, ...]
    settings: tuple[str, ...]
    formats: tuple[str, ...]
    age_groups: tuple[str, ...]
    languages: tuple[str, ...]
    concerns: tuple[str, ...]
    exclusions: tuple[str, ...]
    funding: tuple[str, ...]
    sites: tuple[str, ...]
    accessible: bool
    hours: tuple[HoursRow, ...]
    places: int


def parse(text: str, network: Network) -> tuple[list[TherapistRow], list[CellProblem]]:
    """Return the rows that can be used and all problems, by row.

    The file may be separated by commas or semicolons; values within a cell by ";" or "|".
    A file whose header or size is wrong yields no rows.
    """
    header, records, problems = read_table(text, NEEDED, OPTIONAL)
    return ([], problems) if problems else _rows(header, records, network)


def _rows(
    header: list[str], records: list[Record], network: Network
) -> tuple[list[TherapistRow], list[CellProblem]]:
    rows: list[TherapistRow] = []
    problems: list[CellProblem] = []
    first_with: dict[str, int] = {}
    for number, given in records:
        cells = Cells(number, dict(zip(header, given, strict=False)))
        if any(given[len(header) :]):
            data = {"count": len(given), "columns": len(header)}
            cells.problems.append(CellProblem(number, "", "error.csv.too_many_cells", data))
        row = _therapist(cells, network)
        earlier = first_with.setdefault(row.email, number)
        if row.email and earlier != number:
            cells.wrong("email", "email_twice", given=shown(row.email), other=earlier)
        if not cells.problems:
            rows.append(row)
        problems += cells.problems
    return rows, problems


def _therapist(cells: Cells, network: Network) -> TherapistRow:
    group = {name: [code.code for code in codes] for name, codes in network.codes.items()}
    services = cells.codes("services", [s.code for s in network.services], needed=True)
    settings = cells.codes("settings", group["setting"], needed=True)
    formats = cells.codes("formats", group["format"], needed=True)
    sites = cells.codes("sites", [site.code for site in network.sites])
    if formats and formats != (VIDEO,) and not sites:
        cells.wrong("sites", "one_of", allowed=listed([site.code for site in network.sites]))
    concerns = cells.codes("concerns", group["concern"])
    exclusions = cells.codes("exclusions", group["concern"])
    if both := [code for code in exclusions if code in concerns]:
        cells.wrong("exclusions", "focus_and_exclusion", codes=listed(both))
    step_free = {site.code for site in network.sites if site.step_free}
    return TherapistRow(
        row=cells.row,
        name=cells.text("name", 200, needed=True),
        title=cells.text("title", 60),
        email=cells.email("email"),
        gender=cells.code("gender", group["gender"]),
        services=services,
        modalities=_modalities(cells, network, services),
        settings=settings,
        formats=formats,
        age_groups=cells.codes("age_groups", group["age_group"], needed=True),
        languages=cells.codes("languages", group["language"], needed=True),
        concerns=concerns,
        exclusions=exclusions,
        funding=cells.codes("funding", group["funding"], needed=True),
        sites=sites,
        accessible=cells.yes_or_no("accessible", otherwise=step_free.issuperset(sites)),
        hours=read_hours(cells, network, services, settings, sites),
        places=cells.whole_number("places", 200),
    )


def _modalities(cells: Cells, network: Network, services: tuple[str, ...]) -> tuple[str, ...]:
    """A method is needed where a service asks for one; "any" is a patient's answer alone."""
    known = [code.code for code in network.codes["modality"] if code.code != "any"]
    asked = any(
        question.field == "modality"
        for service in network.services
        if service.code in services
        for question in service.questions
    )
    return cells.codes("modalities", known, needed=asked)
