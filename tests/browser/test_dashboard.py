"""The dashboard as an inspector meets it: in a browser, on a desk and on a phone, by day and by night."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from browser.steps import dashboard_over
from fieldwork.demo.example import build_example
from fieldwork.demo.published import build_published
from models.database import migrate, open_database, writing

pytestmark = pytest.mark.xdist_group("dashboard")
ROOT = Path(__file__).parents[2]
ADDRESSES = ("", "nytt-utskick", "utskick", "resultat", "samverkan", "barnperspektiv", "aktgranskning")
SURVEY_2012 = (
    "resultat?utskick=Enkät om kompetens och kvalitet (2012) – "
    "Granskning av ekonomiskt bistånd i Hägersten-Liljeholmen och Älvsjö"
)
FILES_2020 = (
    "aktgranskning?aktgranskning=Granskning av ärenden (2020) – "
    "Kvalitetsgranskning ekonomiskt bistånd till tillfälligt boende"
)
PRINTED = (SURVEY_2012, FILES_2020)
"""Pages of printed reports, with their address."""

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE = 30_000


@dataclass(frozen=True)
class Served:
    """A running dashboard over the demo."""

    address: str


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    url = f"sqlite:///{tmp_path_factory.mktemp('dashboard') / 'granska.db'}"
    migrate(url)
    engine = open_database(url)
    with writing(engine) as session:
        build_published(session)
        build_example(session, datetime(2026, 11, 20, 12, tzinfo=UTC))
    engine.dispose()
    with dashboard_over(url) as address:
        yield Served(address)


Look = Callable[..., Page]


@pytest.fixture
def look(browser: Browser, served: Served) -> Iterator[Look]:
    """Open one page of the dashboard in a browser of its own, and wait until it is drawn."""
    contexts: list[BrowserContext] = []

    def opened(address: str, **wishes: object) -> Page:
        context = browser.new_context(**{"viewport": DESK, "locale": "sv-SE", **wishes})  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.asked = []  # type: ignore[attr-defined]
        page.on("request", lambda request: page.asked.append(request.url))  # type: ignore[attr-defined]
        page.goto(f"{served.address}/{address}")
        settle(page)
        return page

    yield opened
    for context in contexts:
        context.close()


def settle(page: Page) -> None:
    """Wait for the heading, for the script to have ended, and for every chart to be drawn."""
    expect(page.locator("h1")).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".stApp[data-test-script-state='notRunning']")).to_be_attached(timeout=PATIENCE)
    charts = page.get_by_test_id("stVegaLiteChart")
    for number in range(charts.count()):
        expect(charts.nth(number).locator("svg.marks")).to_be_attached(timeout=PATIENCE)


@pytest.mark.parametrize(("language", "theme"), [("Svenska", "light"), ("English", "dark")])
@pytest.mark.parametrize("address", [*ADDRESSES, *PRINTED])
def test_no_page_shuts_anybody_out_or_asks_another_machine_for_anything(
    look: Look, served: Served, address: str, language: str, theme: str
) -> None:
    page = look(f"{address}{'&' if '?' in address else '?'}sprak={language}", color_scheme=theme)
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
    assert page.evaluate("document.documentElement.lang") == {"Svenska": "sv", "English": "en"}[language]
    home = (served.address, served.address.replace("http", "ws"), "data:", "blob:")
    assert [url for url in page.asked if not url.startswith(home)] == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_sticks_out_on_a_phone(look: Look, address: str) -> None:
    page = look(address, viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for chart in page.get_by_test_id("stVegaLiteChart").all():
        box = chart.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= PHONE["width"]


def test_what_is_chosen_stands_in_the_address_and_goes_along(look: Look) -> None:
    page = look("samverkan")
    page.get_by_role("combobox", name=re.compile("Distrikt")).click()
    page.get_by_role("option", name="Ekhamra").click()
    expect(page).to_have_url(re.compile("distrikt=Ekhamra"))
    settle(page)
    expect(page.locator(".granska-answer").first).to_contain_text("Ekhamra")
    page.reload()
    settle(page)
    expect(page.locator(".granska-answer").first).to_contain_text("Ekhamra")
    page.get_by_role("link", name="Resultat").click()
    expect(page.locator("h1")).to_have_text("Resultat", timeout=PATIENCE)
    expect(page.get_by_role("combobox", name=re.compile("Distrikt"))).to_have_value("Ekhamra")


def test_a_chart_says_itself_to_a_screen_reader(look: Look) -> None:
    page = look("samverkan")
    chart = page.locator("svg.marks").first
    assert chart.get_attribute("role") == "graphics-document" or chart.locator("[aria-label]").count()
    labels = page.locator("svg.marks [aria-roledescription='bar']").evaluate_all(
        "marks => marks.map(mark => mark.getAttribute('aria-label'))"
    )
    assert labels
    assert all(re.search(r": \d+ av \d+ \(\d+\s%\)$", label) for label in labels)


def test_the_tables_can_be_taken_home(look: Look, tmp_path: Path) -> None:
    page = look("samverkan")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Hämta tabellerna som Excelfil").click()
    target = tmp_path / "samverkan.xlsx"
    waiting.value.save_as(target)
    assert target.read_bytes().startswith(b"PK")
