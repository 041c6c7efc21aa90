"""The web chat in Chromium: on a phone, with a keyboard, in both languages and in the dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from browser.steps import GIVEN, answer, answer_until, begin, item
from fieldwork.dispositions import participation
from fieldwork.rights import Viewer
from models.database import reading

if TYPE_CHECKING:
    from conftest import Opener, Town

PAGES = ("/samtal", "/svar", "/fragor", "/om", "/paus", "/skicka", "/avboj", "/radera")
ALONE = ("/pausat", "/s/finns-inte", "/finns-inte")
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
SMALL_TARGETS = """() => [...document.querySelectorAll(
    'a, button, summary, label:has(input[type=checkbox]), input:not([type=hidden],[type=checkbox]), textarea'
)].filter(element => !element.classList.contains('skip-link')).map(element => {
    const box = element.getBoundingClientRect();  // differences of large offsets: off by a millionth
    const [width, height] = [box.width, box.height].map(each => Math.round(each * 100) / 100);
    return [element.textContent.trim() || element.name, width, height];
}).filter(([, width, height]) => width < 44 || height < 44)"""
COVERED = """() => {
    const focused = document.activeElement.getBoundingClientRect();
    const bar = document.querySelector('.bar')?.getBoundingClientRect();
    return Boolean(bar) && !document.querySelector('.bar').contains(document.activeElement)
        && focused.top < bar.bottom - 1 && focused.bottom > bar.top;
}"""
PLACES = """() => ['.bar', '#fraga'].map(
    (each, place) => document.querySelector(each).getBoundingClientRect()[place ? 'top' : 'bottom']
)"""
FOCUSED = "() => document.activeElement.id || document.activeElement.name || document.activeElement.tagName"


def problems(page: Page) -> list[str]:
    """Return what axe finds wrong with the page, or what is too wide or too small on it."""
    found = [f"{each['id']}: {each['nodes'][0]['html']}" for each in Axe().run(page).response["violations"]]
    found += ["wider than the screen"] if page.evaluate(TOO_WIDE) else []
    found += [f"small target: {each}" for each in page.evaluate(SMALL_TARGETS)]
    return [f"{page.url}: {each}" for each in found]


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus; nothing on the way may be hidden under the bar."""
    for _ in range(80):
        page.keyboard.press("Tab")
        assert not page.evaluate(COVERED)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"Tab never reaches {selector}")


def test_a_phone_answers_komp_and_kval_with_a_change_and_a_resumption_elsewhere(
    town: Town, open_page: Opener
) -> None:
    link = town.link(town.example)
    page = answer_until(begin(open_page(link)), "KVAL-11")
    page.locator(".paths button[value=back]").click()
    assert item(page) == "KVAL-10"
    page.locator("button[name=change][value=KVAL-08]").click()
    page.locator("#fraga button[value=nej]").click()
    assert item(page) == "KVAL-13"
    assert page.locator("button[value=KVAL-09], button[value=KVAL-10]").count() == 0
    page.locator("a[href='/paus']").click()
    page.locator("#kod").fill("4711")
    page.locator("button[value=pause]").click()
    expect(page.locator("h1")).to_have_text("Du har pausat")

    other = open_page(link)
    assert item(other) == "KVAL-13"
    assert other.locator(".own").count() == 0
    other.locator(".notice .button").click()
    other.locator("#kod").fill("4711")
    other.get_by_role("button", name="Visa mina svar").click()
    expect(other.get_by_text("Arbetar du med barnfamiljer?")).to_be_visible()
    other.goto(f"{town.address}/samtal")
    answer_until(other, "")
    other.locator("button[value=send]").click()
    expect(other.locator("h2").first).to_have_text("Dina svar är inskickade")

    partial = answer_until(begin(open_page(town.link(town.example))), "KVAL-03")
    partial.locator("a[href='/skicka']").click()
    partial.locator("button[value=send_partial]").click()
    expect(partial.locator("h2").first).to_have_text("Dina svar är inskickade")
    with reading(town.engine) as session:
        whole = participation(session, Viewer("inspektor", "inspector"), town.example).total
    assert (whole.begun, whole.sent, whole.partial) == (2, 2, 1)


def press(page: Page, key: str) -> None:
    """Press a key that leads to the next page."""
    with page.expect_navigation():
        page.keyboard.press(key)


def test_the_keyboard_alone_is_enough(town: Town, open_page: Opener) -> None:
    page = open_page(town.link(town.trial))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className.includes('skip-link')")
    tab_to(page, "button[value=begin]")
    press(page, "Enter")
    while asked := item(page):
        assert page.evaluate(FOCUSED) == "fraga"
        if page.locator("#fraga input[type=checkbox]").count():
            tab_to(page, "input[value=annat]")
            page.keyboard.press("Space")
            tab_to(page, "#fraga .main-action")
            press(page, "Enter")
        elif page.locator("#fraga .options").count():
            tab_to(page, "#fraga .options button:last-child")
            press(page, "Enter")
        elif page.locator("#fraga textarea").count():
            tab_to(page, "textarea")
            page.keyboard.type("Att vara med.")
            tab_to(page, "#fraga .main-action")
            press(page, "Space")
        else:
            tab_to(page, "#fraga [name=svar], #fraga button[value=skip]")
            page.keyboard.type(GIVEN.get(asked, ""))
            press(page, "Enter")
    tab_to(page, "button[value=send]")
    press(page, "Enter")
    expect(page.locator("h2").first).to_have_text("Dina svar är inskickade")


def test_why_is_asked_opens_with_the_keyboard_in_the_same_place(town: Town, open_page: Opener) -> None:
    page = answer_until(begin(open_page(town.link(town.trial))), "ALLA-02")
    tab_to(page, "summary")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Några frågor gäller bara barnfamiljer.")).to_be_visible()


def test_an_error_is_what_the_eye_and_the_focus_meet_first(town: Town, open_page: Opener) -> None:
    page = answer_until(begin(open_page(town.link(town.trial))), "ALLA-03")
    page.locator("input[name=svar]").fill("fyrtio")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_in_viewport()
    expect(page.locator("input[name=svar]")).to_have_value("fyrtio")
    assert page.title().startswith("Fel: ")
    assert page.evaluate(FOCUSED) == "fraga"
    assert problems(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_no_page_hinders_anyone(town: Town, open_page: Opener, language: str, scheme: str) -> None:
    page = open_page(town.link(town.trial), color_scheme=scheme, locale=language)
    if language == "en":
        page.locator("header button").click()
    found = problems(page)
    begin(page)
    while item(page):
        found += problems(page)
        answer(page)
    page.locator("a[href='/om']").scroll_into_view_if_needed()
    found += problems(page)
    page.locator(".answers button").nth(4).click()
    for address in (*PAGES, *ALONE):
        page.goto(town.address + address)
        assert page.locator("html").get_attribute("lang") == language
        found += problems(page)
    page.goto(f"{town.address}/skicka")
    page.locator("button[value=send_partial]").click()
    assert found + problems(page) == []


@pytest.mark.parametrize("width", [320, 360])
def test_the_present_question_is_in_view_and_nothing_is_wider_than_the_screen(
    town: Town, open_page: Opener, width: int
) -> None:
    page = begin(open_page(town.link(town.example), viewport={"width": width, "height": 700}))
    while item(page):
        bar, top = page.evaluate(PLACES)
        assert bar <= top < 300, item(page)
        assert not page.evaluate(TOO_WIDE), item(page)
        answer(page)
    assert not page.evaluate(TOO_WIDE)


def test_nothing_is_fetched_from_anywhere_else_and_no_rule_is_broken(town: Town, open_page: Opener) -> None:
    page = open_page(town.link(town.example))
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    begin(page)
    for address in PAGES:
        page.goto(town.address + address)
    assert [url for url in asked if not url.startswith(town.address)] == []
    assert said == []
    assert page.evaluate("document.fonts.check('17px \"Source Sans 3\"')")


def test_the_body_text_is_seventeen_pixels(town: Town, open_page: Opener) -> None:
    page = open_page(town.link(town.example))
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "17px"


def test_it_works_the_same_without_script(town: Town, open_page: Opener) -> None:
    page = begin(open_page(town.link(town.trial), java_script_enabled=False))
    answer_until(page, "")
    page.locator("button[value=send]").click()
    expect(page.locator("h2").first).to_have_text("Dina svar är inskickade")


def test_right_to_left_text_runs_from_the_right_in_its_bubble(town: Town, open_page: Opener) -> None:
    page = answer_until(begin(open_page(town.link(town.trial))), "ALLA-09")
    page.locator("textarea").fill("שלום עולם")
    page.locator("#fraga .main-action").click()
    direction = page.locator(".given").last.evaluate("element => getComputedStyle(element).direction")
    assert direction == "rtl"
