"""An inspector, from an empty database with one user, runs a whole wave on the pages alone.

Mails go over a mail server in a process of its own, Telegram over the Bot API server in another. One of the
staff answers by the link of a mail, one in Telegram, to which the web chat leads. Only the clock of the
sending and of the doors is set, so that nobody waits for a week. With GRANSKA_TEST_PICTURES set to a folder
(`make pictures`), each step is photographed there.
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from sqlmodel import col, select

from bot.app import web_app, web_server
from bot.archive import Archive
from bot.contacts_loop import ContactsLoop
from bot.mail import SmtpChannel
from bot.telegram_door import TelegramDoor, Terms
from bot.telegram_running import running
from botapi.api import BotApi, Shown, User
from botapi.api import started as bot_api
from browser.mail_server import NOBODY, Post
from browser.mail_server import started as mail_server
from browser.steps import answer_until, begin, dashboard_over, free_port
from fieldwork.contacts import Tally
from fieldwork.rights import Role
from fieldwork.schedule import Schedule, next_allowed
from fieldwork.settings import Settings
from fieldwork.users import add_user
from models.contact_tables import Contact
from models.database import migrate, open_database, reading
from models.planning_tables import WaveDraft
from models.tables import Answer, AuditEntry, Result

pytestmark = pytest.mark.xdist_group("dashboard")
SENDER = "Granska <granska@example.se>"
STAFF = f"""referens,adress,distrikt,enhet,roll,i tjänst
LH-01,lh01@example.se,Lindhagen,Ekonomiskt bistånd,socialsekreterare,ja
LH-02,lh02@example.se,Lindhagen,Ekonomiskt bistånd,socialsekreterare,ja
NO-01,{NOBODY},Norrvik,Ekonomiskt bistånd,socialsekreterare,ja
NO-02,,Norrvik,Ekonomiskt bistånd,socialsekreterare,nej
"""
RIGHT = "no01@example.se"
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE = 60_000
"""Milliseconds until a state that does not come is given up; nothing waits for longer than it has to."""


@dataclass
class Town:
    """Everything that runs: pages, doors, mail server, Bot API, and the loop with its clock."""

    archive: Archive
    post: Post
    api: BotApi
    address: str = ""
    loop: ContactsLoop = field(init=False, repr=False)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def send(self, at: datetime | None = None) -> Tally:
        self.now = at or self.now
        return self.loop.round()


@contextmanager
def web_chat(town: Town, settings: Settings, bot_name: Callable[[], str]) -> Iterator[None]:
    server = web_server(web_app(settings, town.archive, lambda: town.now, bot_name), settings)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started and thread.is_alive():
        thread.join(0.02)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(20)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    settings = Settings(_env_file=None, data_dir=tmp_path, web_port=free_port())
    migrate(settings.database_url)
    with ExitStack() as open_:
        post = open_.enter_context(mail_server(tmp_path / "post"))
        api = open_.enter_context(bot_api())
        archive = Archive(open_database(settings.database_url))
        open_.callback(archive.close)
        archive.write_now(lambda session: add_user(session, "Inga Inspektör", Role.INSPECTOR))
        town = Town(archive, post, api)
        town.loop = ContactsLoop(
            archive, lambda: SmtpChannel(post.url, SENDER), settings.base_url, clock=lambda: town.now
        )
        told = {
            "GRANSKA_SMTP_URL": post.url,
            "GRANSKA_MAIL_FROM": SENDER,
            "GRANSKA_BASE_URL": settings.base_url,
            "GRANSKA_TELEGRAM_TOKEN": api.token,
        }
        town.address = open_.enter_context(dashboard_over(settings.database_url, **told))
        terms = Terms(token=api.token, api=api.url, base_url=settings.base_url, per_second=0, between=0)
        door = TelegramDoor(archive, terms, b"a key of the tests, of 32 letters.", lambda: town.now)
        open_.enter_context(running(door))
        open_.enter_context(web_chat(town, settings, lambda: door.name))
        yield town


@dataclass
class Desk:
    """The inspector's screen."""

    page: Page

    def fill(self, label: str, value: str) -> None:
        box = self.page.get_by_label(label, exact=True)
        box.fill(value)
        box.press("Tab")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click(timeout=PATIENCE)

    def choose(self, label: str, option: str, place: str = "") -> None:
        """Choose one; again where a page that is drawn anew has closed the list meanwhile."""
        within = self.page.locator(f".st-key-fold-{place}") if place else self.page
        box = within.get_by_role("combobox", name=label)
        for _ in range(8):
            with suppress(AssertionError):
                self.choose_also(box, option)
                expect(box).to_have_value(option)
                return
        expect(box).to_have_value(option)

    def choose_also(self, box: Locator, option: str) -> None:
        """Choose by writing and Enter, as the list may move with the page below it."""
        box.click()
        box.fill(option)
        expect(self.page.get_by_role("option", name=option)).to_be_visible()
        box.press("ArrowDown")
        box.press("Enter")
        box.press("Tab")

    def unfold(self, place: str) -> None:
        self.page.locator(f".st-key-fold-{place} summary").click()

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=PATIENCE)

    def sees_when_asked(self, text: str) -> None:
        """Read the page again until it says so."""
        self.page.reload()
        self.sees(text)

    def settle(self) -> None:
        expect(self.page.locator(".stApp[data-test-script-state='notRunning']")).to_be_attached(
            timeout=PATIENCE
        )

    def accessible(self) -> None:
        self.settle()
        found = Axe().run(self.page).response["violations"]
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []

    def picture(self, name: str) -> None:
        """Photograph the whole page where pictures are wanted."""
        if not pictures():
            return
        self.settle()
        height = self.page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        self.page.set_viewport_size({**DESK, "height": min(height + 20, 7000)})
        photograph(self.page, name)
        self.page.set_viewport_size(DESK)


def pictures() -> str:
    return os.environ.get("GRANSKA_TEST_PICTURES", "")


def photograph(page: Page, name: str) -> None:
    if pictures():
        page.wait_for_timeout(1500)  # what is drawn by scripts has no state to wait for
        page.screenshot(path=f"{pictures()}/utskick_{name}.png", full_page=True)


Windows = Callable[[dict[str, int]], Page]


@pytest.fixture
def window(browser: Browser) -> Iterator[Windows]:
    contexts: list[BrowserContext] = []

    def opened(size: dict[str, int]) -> Page:
        contexts.append(browser.new_context(viewport=size, locale="sv-SE"))  # type: ignore[arg-type]
        contexts[-1].set_default_timeout(PATIENCE)
        return contexts[-1].new_page()

    yield opened
    for context in contexts:
        context.close()


def test_an_inspector_runs_a_wave_on_the_pages_alone(town: Town, window: Windows) -> None:
    desk = Desk(window(DESK))
    plan(desk, town)
    first_day = allowed(town.now)
    assert town.send(first_day) == Tally(sent=2, failed=1)
    show_letter(window(PHONE), town)
    correct(desk, town)

    answer_by_mail(window(PHONE), town.post.link("lh01@example.se"))
    desk.sees("1 av 3 har svarat")
    before = len(town.post.letters())
    assert town.send(allowed(first_day + timedelta(days=7))) == Tally(sent=2)
    reminders = town.post.letters()[before:]
    assert {recipient for recipient, _ in reminders} == {"lh02@example.se", RIGHT}
    assert all("Påminnelse" in str(letter["Subject"]) for _, letter in reminders)

    answer_in_telegram(window(PHONE), town, town.post.link("lh02@example.se"))
    desk.sees("2 av 3 har svarat")
    hand_out(desk, window(PHONE))
    desk.sees_when_asked("Hittills 5 kontakter.")
    desk.picture("6_pagar")
    close(desk)
    assert_what_is_kept(town)


def assert_what_is_kept(town: Town) -> None:
    with reading(town.archive.engine) as session:
        made = session.exec(select(Contact.outcome)).all()
        log = session.exec(select(AuditEntry).order_by(col(AuditEntry.id))).all()
        drafts = session.exec(select(Answer)).all()
        results = session.exec(select(Result)).all()
    assert sorted(made) == ["sent"] * 5
    assert {entry.actor for entry in log} == {"Inga Inspektör"}
    assert [entry.action for entry in log] == [
        "test letter", "start", "create", "correct address", "personal links", "close",
    ]  # fmt: skip
    assert results
    assert not drafts


def allowed(after: datetime) -> datetime:
    """The first moment from then on at which the wave may contact anybody."""
    days = Schedule(after.date(), after.date() + timedelta(days=100))
    moment = next_allowed(after + timedelta(minutes=1), days)
    assert moment is not None
    return moment


def plan(desk: Desk, town: Town) -> None:
    """Plan the wave, leave and come back, try a letter, and start by two quick clicks."""
    desk.page.goto(f"{town.address}/nytt-utskick")
    desk.press("Planera ett nytt utskick")
    desk.sees("Planen är påbörjad.")
    desk.picture("1_ny_plan")
    desk.page.locator("input[type=file]").set_input_files(
        {"name": "personal.csv", "mimeType": "text/csv", "buffer": STAFF.encode()}
    )
    desk.sees("3 personer bjuds in.")
    desk.choose_also(desk.page.get_by_role("combobox", name="Vägar in, i ordning"), "Telegram")
    decision = "Avdelningschefen, 2 november: många vill det"
    desk.fill("Vem som beslutade om Telegram, och varför", decision)
    wait_until_kept(desk, town, decision)
    fill_in(desk, town)
    desk.sees("Allt är ifyllt.")
    speak_english_and_back(desk)
    desk.page.goto(f"{town.address}/nytt-utskick")
    desk.sees("Allt är ifyllt.")
    expect(desk.page.get_by_label("Telefon", exact=True)).to_have_value("08-508 00 000")
    desk.accessible()
    desk.picture("2_plan")
    expect(desk.page.get_by_label("Telefon", exact=True)).to_have_value("08-508 00 000")
    desk.press("Skicka ett prov")
    desk.sees("väntar på att skickas")
    town.send()
    desk.sees("skickat, se i din inkorg")
    assert str(town.post.last_to("inga@example.se")["Subject"]).startswith("Prov: Inbjudan att svara")
    desk.page.get_by_role("button", name="Starta utskicket", exact=True).dblclick()
    desk.sees("Utskicket är startat.")
    desk.picture("3_startat")


def fill_in(desk: Desk, town: Town) -> None:
    today = town.now.date()
    entered = {
        "Granskningens titel": "Granskning av ekonomiskt bistånd i Lindhagen och Norrvik",
        "Utskickets namn, till exempel Enkät hösten 2026": "Enkät 1",
        "Telefon": "08-508 00 000",
        "E-post (frivilligt)": "inga@example.se",
        "Första dagen (åååå-mm-dd)": today.isoformat(),
        "Sista dagen (åååå-mm-dd)": (today + timedelta(days=60)).isoformat(),
        "Dag då personal och fack informerades (åååå-mm-dd)": (today - timedelta(days=3)).isoformat(),
    }
    for label, value in entered.items():
        desk.fill(label, value)
        wait_until_kept(desk, town, value)


def wait_until_kept(desk: Desk, town: Town, value: str) -> None:
    """Wait until what was entered stands in the plan, as whoever looks at the page while writing does."""
    until = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < until:
        with reading(town.archive.engine) as session:
            if value in session.exec(select(WaveDraft)).one().fields.values():
                break
        desk.page.wait_for_timeout(20)
    else:
        raise AssertionError(value)
    desk.settle()


def speak_english_and_back(desk: Desk) -> None:
    """Another language changes the words of the page, Streamlit's too, and nothing in the plan."""
    button = desk.page.get_by_test_id("stFileUploader").locator("button")
    for language, ready, words in (
        ("English", "Everything is filled in.", "Choose file"),
        ("Svenska", "Allt är ifyllt.", "Välj fil"),
    ):
        desk.choose("Språk (language)", language)
        desk.sees(ready)
        expect(button).to_have_text(re.compile(words), timeout=PATIENCE)
        expect(desk.page.locator("html")).to_have_attribute("lang", language[:2].lower())


def show_letter(phone: Page, town: Town) -> None:
    """Read the invitation as it came out of the mail server."""
    body = town.post.last_to("lh01@example.se").get_body(("html",))
    assert body is not None
    phone.set_content(body.get_content())
    expect(phone.get_by_role("link", name="Läs mer och börja")).to_be_visible()
    photograph(phone, "8_mejl")


def correct(desk: Desk, town: Town) -> None:
    """See whose address is wrong, correct it, and let the invitation go there."""
    desk.page.goto(f"{town.address}/utskick")
    desk.sees("Adressen tar inte emot mejl")
    desk.picture("4_fel_adress")
    desk.unfold("address")
    desk.choose("Referens i personallistan", "NO-01", "address")
    desk.page.locator(".st-key-fold-address").get_by_label("E-postadress").fill(RIGHT)
    desk.picture("5_ratta_adress")
    desk.press("Spara adressen")
    desk.sees("Adressen är rättad.")
    assert town.send() == Tally(sent=1)
    desk.sees_when_asked("0 av 3 har svarat")
    desk.accessible()


def answer_by_mail(phone: Page, link: str) -> None:
    """Answer everything on a phone, from the link in a mail."""
    phone.goto(link)
    answer_until(begin(phone), "")
    phone.locator("button[value=send]").click()
    expect(phone.locator("h2").first).to_have_text("Dina svar är inskickade")


def answer_in_telegram(phone: Page, town: Town, link: str) -> None:
    """Go on from the link in a mail to Telegram, and answer everything there."""
    phone.goto(link)
    phone.get_by_role("link", name="Svara i Telegram").first.click()
    phone.get_by_role("button", name="Visa min länk till Telegram").click()
    way = phone.get_by_role("link", name="Öppna Telegram")
    photograph(phone, "9_till_telegram")
    address = way.get_attribute("href") or ""
    kim = town.api.user()
    kim.start(address.rpartition("start=")[2])
    shown = kim.expect("Läs det här innan du börjar", PATIENCE / 1000)
    latest, act = shown.message_id, "Jag har läst, börja"
    while act:
        kim.press(act)
        shown = next_message(kim, latest)
        latest, act = shown.message_id, what_to_press(kim, [each for row in shown.buttons for each in row])
    assert "Dina svar är inskickade" in shown.text
    phone.reload()
    phone.goto(link)
    expect(phone.locator("h2").first).to_have_text("Dina svar är inskickade")


def next_message(kim: User, latest: int) -> Shown:
    """Wait for the message after that one: the answered one may be changed before it comes."""
    while (shown := kim.expect("", PATIENCE / 1000)).message_id <= latest:
        pass
    return shown


def what_to_press(kim: User, labels: list[str]) -> str:
    """The button to press; of several options one is chosen first. '' where there is none left."""
    if labels and labels[0].startswith("☐"):
        kim.press(labels[0])
        return "Klar"
    return next((label for label in ("Skicka in", "Hoppa över", *labels) if label in labels), "")


def hand_out(desk: Desk, phone: Page) -> None:
    """Fetch the slips; the code on one opens the web chat."""
    desk.unfold("files")
    with desk.page.expect_download() as waiting:
        desk.press("Hämta lappar med QR-kod (PDF)")
    with pypdfium2.PdfDocument(waiting.value.path()) as slips:
        sheet = slips[0].render(scale=3).to_pil()
    code = zxingcpp.read_barcodes(sheet)[0]
    if pictures():
        width, height = sheet.size
        sheet.crop((0, 0, width, height * 2 // 5)).save(f"{pictures()}/utskick_10_lapp.png")
    phone.goto(code.text)
    expect(phone.locator("h1")).to_have_text("Granskning av ekonomiskt bistånd i Lindhagen och Norrvik")


def close(desk: Desk) -> None:
    desk.unfold("close")
    desk.page.get_by_text("Ja, stäng utskicket för gott").click()
    desk.press("Stäng utskicket")
    desk.sees("Utskicket är stängt. Raderade utkast: 0.")
    desk.accessible()
    desk.picture("7_stangt")
