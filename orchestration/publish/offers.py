"""What each business gets of a release: its own rows, and what all businesses share."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestration.errors import ActionableError
from orchestration.publish.change import read_scope
from orchestration.publish.files import EXPORTER_VERSION, MARTS_FILE
from orchestration.publish.fingerprint import SHARED, Content, Contents, fingerprint
from orchestration.publish.marts_file import stored_order
from orchestration.publish.release import BUSINESS, Mart, Release, business_names, read_contents
from orchestration.publish.state import last_export, written_as


@dataclass(frozen=True)
class Offer:
    """One mart as one business gets it.

    Equal fingerprints mean equal rows and columns, written by the same version of a destination.
    """

    mart: Mart
    business: str
    rows: int
    fingerprint: str

    @property
    def name(self) -> str:
        """Name of the mart."""
        return self.mart.name

    def select(self, cells: str = "*") -> str:
        """Return the SQL of these cells of the business's rows, in their order."""
        # The name has been found to be that of a folder.
        own = f" where {BUSINESS} = '{self.business}'" if self.mart.has_business else ""
        return f"select {cells} from {self.name}{own} order by {stored_order(self.mart)}"  # noqa: S608


# Offers by business, each sorted by name.
Offers = Mapping[str, tuple[Offer, ...]]


@dataclass(frozen=True)
class Delivered:
    """What a destination did: tables sent and left as they were, and rows of both.

    `remarks` are sentences for the person who watches.
    """

    rows: int
    sent: int
    unchanged: int
    removed: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def known_contents(release: Release, export_dir: Path) -> Contents | None:
    """Return what the files' exporter counted of the same marts, None where that is not certain."""
    scope = read_scope(release.connection)
    with last_export(release.connection, export_dir / MARTS_FILE) as last:
        if scope is None or last is None or last.refresh != scope.number:
            return None
        return last.contents if last.written_as == written_as(release, EXPORTER_VERSION) else None


def make_offers(release: Release, version: int) -> Offers:
    """Return what each business gets; `version` is raised where a destination writes it otherwise.

    Raises ActionableError where the name of a business cannot stand in a path.
    """
    contents = release.contents or {
        mart.name: read_contents(release.connection, mart.name, mart) for mart in release.marts
    }
    return {
        business: tuple(
            _offer(mart, business, contents, version)
            for mart in release.marts
            if mart.has_business or mart.name.startswith("dim_")
        )
        for business in business_names(contents)
    }


def _offer(mart: Mart, business: str, contents: Contents, version: int) -> Offer:
    content = contents[mart.name].get(business if mart.has_business else SHARED, Content())
    parts = {"version": version, "columns": list(mart.columns.items()), "content": content}
    return Offer(mart, business, content.rows, fingerprint(parts))


def plain_names(businesses: Collection[str]) -> dict[str, str]:
    """Return a name of letters, digits and _ for each business, for places that take no others.

    Raises ActionableError for two businesses that would share one.
    """
    names = {business: business.replace("-", "_") for business in businesses}
    by_name: dict[str, str] = {}
    for business, name in names.items():
        if name in by_name:
            raise ActionableError(
                f"The businesses {by_name[name]} and {business} would share one place, as a - is "
                "written as _ there: rename one of the two folders in the landing zone."
            )
        by_name[name] = business
    return names


def unknown_names(given: Collection[str], businesses: Collection[str]) -> list[str]:
    """Return what a variable named after a business is followed by where no business has the name.

    `given` are in capitals, with - as _.
    """
    return sorted(set(given) - {variable_name(business) for business in businesses})


def variable_name(business: str) -> str:
    """Return what stands for the business in the name of a variable."""
    return business.upper().replace("-", "_")
