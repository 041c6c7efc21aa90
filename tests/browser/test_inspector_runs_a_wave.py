"""An inspector, from an empty database with one user, runs a whole wave on the pages alone.

The mails go over a real mail server, and the staff answer in a browser. Only the clock of the sending and of
the web chat is set, so that nobody waits for a week. With GRANSKA_TEST_PICTURES set to a folder, each step is
photographed there.
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect
from playwright.sync_api import TimeoutError as Late
from sqlmodel import col, select

from bot.app import web_app, web_server
from bot.archive import Archive
from bot.contacts_loop import ContactsLoop
from bot.mail import SmtpChannel
from browser.steps import answer_until, begin, dashboard_over, free_port
from fieldwork.contacts import Tally
from fieldwork.rights import Role
from fieldwork.schedule import Schedule, next_allowed
from fieldwork.settings import Settings
from fieldwork.users import add_user
from models.contact_tables import Contact
from models.database import migrate, open_database, reading
from models.tables import AuditEntry

pytestmark = pytest.mark.xdist_group("dashboard")
SENDER = "Granska <granska@example.se>"
STAFF = """referens,adress,distrikt,enhet,roll,i tjänst
LH-01,lh01@example.se,Lindhagen,Ekonomiskt bistånd,socialsekreterare,ja
LH-02,lh02@example.se,Lindhagen,Ekonomiskt bistånd,socialsekreterare,ja
NO-01,felstavad@example.se,Norrvik,Ekonomiskt bistånd,socialsekreterare,ja
NO-02,,Norrvik,Ekonomiskt bistånd,socialsekreterare,nej
"""
WRONG = "felstavad@example.se"
RIGHT = "no01@example.se"
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
PATIENCE = 30_000
LIVE = 8_000
LINK = re.compile(r"http://127\.0\.0\.1:\d+/s/[\w-]+")


class Post:
    """A mail server that takes everything but one misspelt address."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, EmailMessage]] = []

    async def handle_RCPT(  # noqa: N802 - named by aiosmtpd
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address == WRONG:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        mail = message_from_bytes(bytes(envelope.content or b""), policy=default)
        self.mails += [(address, mail) for address in envelope.rcpt_tos]
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for recipient, mail in self.mails if recipient == address]

    def link(self, address: str) -> str:
        """The personal link in the last mail to an address."""
        body = self.to(address)[-1].get_body(("plain",))
        assert body is not None
        found = LINK.search(body.get_content())
        assert found is not None
        return found[0]


@dataclass
class Town:
    """Everything that runs: the pages, the web chat, the mail server, and the loop with its clock."""

    archive: Archive
    post: Post
    address: str
    loop: ContactsLoop = field(repr=False)
    now: datetime

    def send(self, at: datetime | None = None) -> Tally:
        self.now = at or self.now
        return self.loop.round()


@contextmanager
def web_chat(archive: Archive, settings: Settings, clock: Callable[[], datetime]) -> Iterator[None]:
    server = web_server(web_app(settings, archive, clock), settings)
    thread = threading.Thread(target=server.run)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and thread.is_alive() and time.monotonic() < deadline:
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
    archive = Archive(open_database(settings.database_url))
    archive.write_now(lambda session: add_user(session, "Inga Inspektör", Role.INSPECTOR))
    post = Post()
    mail = Controller(post, hostname="127.0.0.1", port=free_port())
    mail.start()
    url = f"smtp://127.0.0.1:{mail.port}"
    told = {"GRANSKA_SMTP_URL": url, "GRANSKA_MAIL_FROM": SENDER, "GRANSKA_BASE_URL": settings.base_url}
    with dashboard_over(settings.database_url, **told) as address:
        running = Town.__new__(Town)
        loop = ContactsLoop(
            archive, lambda: SmtpChannel(url, SENDER), settings.base_url, clock=lambda: running.now
        )
        running.__init__(archive, post, address, loop, datetime.now(UTC))  # type: ignore[misc]
        with web_chat(archive, settings, lambda: running.now):
            yield running
    mail.stop()
    archive.close()


@dataclass
class Desk:
    """The inspector's screen."""

    page: Page
    pictures: int = 0

    def settle(self) -> None:
        expect(self.page.locator("h1")).to_be_visible(timeout=PATIENCE)
        expect(self.page.locator(".stApp[data-test-script-state='notRunning']")).to_be_attached(
            timeout=PATIENCE
        )

    def fill(self, label: str, value: str) -> None:
        field_ = self.page.get_by_label(label, exact=True)
        field_.fill(value)
        field_.press("Tab")
        self.settle()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def choose(self, place: str, option: str) -> None:
        """Choose a person in a fold."""
        box = self.page.locator(f".st-key-fold-{place}").get_by_role("combobox").first
        wanted = self.page.get_by_role("option", name=option)
        for _ in range(5):  # a list closes when the page moves below it
            box.click()
            with suppress(Late):
                wanted.click(timeout=3_000)
                break
            self.page.keyboard.press("Escape")
        expect(box).to_have_value(option)

    def unfold(self, place: str) -> None:
        self.page.locator(f".st-key-fold-{place} summary").click()

    def sees(self, text: str, patience: int = PATIENCE) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=patience)

    def accessible(self) -> None:
        """Find nothing wrong but Streamlit's own upload field, whose role no page can change."""
        found = Axe().run(self.page).response["violations"]
        left = [
            (each["id"], [node["html"] for node in each["nodes"]])
            for each in found
            if each["id"] != "presentation-role-conflict"
        ]
        assert left == []

    def picture(self, name: str) -> None:
        """Photograph the whole page where pictures are wanted."""
        folder = os.environ.get("GRANSKA_TEST_PICTURES")
        if not folder:
            return
        self.settle()
        height = self.page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        self.page.set_viewport_size({**DESK, "height": min(height + 20, 7000)})
        self.page.wait_for_timeout(1500)
        self.page.screenshot(path=f"{folder}/utskick_{name}.png")
        self.page.set_viewport_size(DESK)


Windows = Callable[[dict[str, int]], Page]


@pytest.fixture
def window(browser: Browser) -> Iterator[Windows]:
    contexts: list[BrowserContext] = []

    def opened(size: dict[str, int]) -> Page:
        contexts.append(browser.new_context(viewport=size, locale="sv-SE"))  # type: ignore[arg-type]
        return contexts[-1].new_page()

    yield opened
    for context in contexts:
        context.close()


def test_an_inspector_runs_a_wave_on_the_pages_alone(town: Town, window: Windows) -> None:
    desk = Desk(window(DESK))
    plan(desk, town)
    first_day = allowed(town.now)
    assert town.send(first_day) == Tally(sent=2, failed=1)
    correct(desk, town)

    answer(window(PHONE), town.post.link("lh01@example.se"))
    desk.sees("1 av 3 har svarat", LIVE)
    assert town.send(allowed(first_day + timedelta(days=7))) == Tally(sent=2)
    reminders = {address for address, mail in town.post.mails if "Påminnelse" in str(mail["Subject"])}
    assert reminders == {"lh02@example.se", RIGHT}
    answer(window(PHONE), town.post.link("lh02@example.se"))
    desk.sees("2 av 3 har svarat", LIVE)
    desk.page.reload()
    desk.sees("Hittills 5 kontakter.")
    desk.picture("6_pagar")

    close(desk)
    with reading(town.archive.engine) as session:
        made = session.exec(select(Contact.outcome)).all()
        log = session.exec(select(AuditEntry).order_by(col(AuditEntry.id))).all()
    assert sorted(made) == ["sent"] * 5
    assert {entry.actor for entry in log} == {"Inga Inspektör"}
    assert [entry.action for entry in log] == [
        "test letter", "start", "create", "correct address", "close",
    ]  # fmt: skip


def allowed(after: datetime) -> datetime:
    """The first moment from then on at which the wave may contact anybody."""
    days = Schedule(after.date(), after.date() + timedelta(days=100))
    moment = next_allowed(after + timedelta(minutes=1), days)
    assert moment is not None
    return moment


def plan(desk: Desk, town: Town) -> None:
    """Plan the wave, leave and come back, try a letter, and start."""
    desk.page.goto(f"{town.address}/nytt-utskick")
    desk.press("Planera ett nytt utskick")
    desk.sees("Planen är påbörjad.")
    desk.picture("1_ny_plan")
    desk.page.locator("input[type=file]").set_input_files(
        {"name": "personal.csv", "mimeType": "text/csv", "buffer": STAFF.encode()}
    )
    desk.sees("3 personer bjuds in.")
    desk.fill("Granskningens titel", "Granskning av ekonomiskt bistånd i Lindhagen och Norrvik")
    desk.fill("Utskickets namn, till exempel Enkät hösten 2026", "Enkät 1")
    desk.fill("Telefon", "08-508 00 000")
    desk.fill("E-post (frivilligt)", "inga@example.se")
    desk.fill("Första dagen (åååå-mm-dd)", town.now.date().isoformat())
    desk.fill("Sista dagen (åååå-mm-dd)", (town.now.date() + timedelta(days=60)).isoformat())
    day = (town.now.date() - timedelta(days=3)).isoformat()
    desk.fill("Dag då personal och fack informerades (åååå-mm-dd)", day)
    desk.sees("Allt är ifyllt.")
    desk.page.goto(f"{town.address}/nytt-utskick")
    desk.sees("Allt är ifyllt.")
    desk.accessible()
    desk.picture("2_plan")
    desk.press("Skicka ett prov")
    desk.sees("väntar på att skickas")
    town.send()
    desk.sees("skickat, se i din inkorg")
    assert str(town.post.to("inga@example.se")[0]["Subject"]).startswith("Prov: Inbjudan att svara")
    desk.press("Starta utskicket")
    desk.sees("Utskicket är startat.")
    desk.picture("3_startat")


def correct(desk: Desk, town: Town) -> None:
    """See whose address is wrong, correct it, and let the invitation go there."""
    desk.page.goto(f"{town.address}/utskick")
    desk.sees("Adressen tar inte emot mejl")
    desk.picture("4_fel_adress")
    desk.unfold("address")
    desk.choose("address", "NO-01")
    desk.page.locator(".st-key-fold-address").get_by_label("E-postadress").fill(RIGHT)
    desk.picture("5_ratta_adress")
    desk.press("Spara adressen")
    desk.sees("Adressen är rättad.")
    assert town.send() == Tally(sent=1)
    desk.page.reload()
    desk.sees("0 av 3 har svarat")
    desk.accessible()


def answer(phone: Page, link: str) -> None:
    """Answer everything on a phone, from the link in a mail."""
    phone.goto(link)
    answer_until(begin(phone), "")
    phone.locator("button[value=send]").click()
    expect(phone.locator("h2").first).to_have_text("Dina svar är inskickade")


def close(desk: Desk) -> None:
    desk.unfold("close")
    desk.page.get_by_text("Ja, stäng utskicket för gott").click()
    desk.press("Stäng utskicket")
    desk.sees("Utskicket är stängt. Raderade utkast: 0.")
    desk.picture("7_stangt")
