"""What mails say, and what they never do."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest

from fieldwork.letters import Letter, LetterKind, RenderedLetter, render
from fieldwork.messages import ContactPerson
from fieldwork.wording import say

Letters = Callable[..., Letter]
ASKING = [kind for kind in LetterKind if kind is not LetterKind.THANKS]


def words(rendered: RenderedLetter) -> list[str]:
    """The words that a reader of the HTML sees, in order."""
    body = ET.fromstring(rendered.html).find("body")  # noqa: S314  our own page
    assert body is not None
    return " ".join(body.itertext()).replace("△", "").replace("Granska ", "", 1).split()


def links(rendered: RenderedLetter) -> list[str]:
    return re.findall(r'href="([^"]*)"', rendered.html)


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("kind", LetterKind)
def test_plain_text_and_html_say_the_same(letter: Letters, kind: LetterKind, language: str) -> None:
    rendered = render(letter(kind=kind, language=language, test=True, example=True))
    said = set(words(rendered))
    plain = rendered.plain.replace(":\nhttps", "\nhttps").split()
    assert [
        word
        for word in plain
        if word not in said and not word.startswith("https://granska.example.se/avsluta")
    ] == []
    told = set(plain)
    address = say(language, "letters.address").split()
    assert [word for word in said if word not in told and word not in address] == []


@pytest.mark.parametrize("kind", LetterKind)
def test_english_says_as_much_as_swedish(letter: Letters, kind: LetterKind) -> None:
    swedish, english = (render(letter(kind=kind, language=language)) for language in ("sv", "en"))
    assert swedish.plain.count("\n") == english.plain.count("\n")
    assert swedish.html.count("<") == english.html.count("<")


@pytest.mark.parametrize("kind", ASKING)
def test_a_mail_has_one_web_address_and_one_way_to_stop(letter: Letters, kind: LetterKind) -> None:
    written = letter(kind=kind)
    rendered = render(written)
    assert {link for link in links(rendered) if link.startswith("http")} == {
        written.link,
        written.unsubscribe,
    }
    assert re.findall(r"https?://\S+", rendered.plain) == [written.link, written.unsubscribe]
    assert rendered.html.count('class="button"') == 1
    assert f">{written.link}</a>" in rendered.html


def test_a_thank_you_has_no_link_at_all(letter: Letters) -> None:
    rendered = render(letter(kind=LetterKind.THANKS))
    assert "http" not in "".join(links(rendered)) + rendered.plain
    assert rendered.unsubscribe == ""


@pytest.mark.parametrize("kind", LetterKind)
def test_nothing_is_fetched_when_a_mail_is_opened(letter: Letters, kind: LetterKind) -> None:
    page = render(letter(kind=kind)).html
    assert re.findall(r"<(img|script|link|iframe|object|video|form)\b|src=|url\(|@import", page) == []


@pytest.mark.parametrize("kind", ASKING)
@pytest.mark.parametrize("promise", ["confidential", "anonymous"])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_promise_has_the_words_of_the_chat(
    letter: Letters, kind: LetterKind, promise: str, language: str
) -> None:
    told = say(language, f"information.promise_{promise}", smallest_group=7)
    assert told in render(letter(kind=kind, promise=promise, smallest_group=7, language=language)).plain


@pytest.mark.parametrize("kind", LetterKind)
def test_every_mail_names_the_inspector_with_telephone(letter: Letters, kind: LetterKind) -> None:
    rendered = render(letter(kind=kind))
    assert "Inga Inspektör, socialtjänstinspektör\nTelefon 08-508 00 000" in rendered.plain
    assert "tel:0850800000" in links(rendered)


@pytest.mark.parametrize("kind", ASKING)
def test_a_mail_says_who_informed_staff_and_unions_and_when(letter: Letters, kind: LetterKind) -> None:
    told = "Avdelningschefen informerade personalen och de fackliga organisationerna den 3\xa0november 2026."
    assert told in render(letter(kind=kind)).plain
    assert "De fackliga" not in render(letter(kind=kind, informed_on=None)).plain
    assert (
        "Staff and unions were informed on 3\xa0November 2026."
        in render(letter(kind=kind, informed_by="", language="en")).plain
    )


def test_the_three_reminders_have_texts_of_their_own(letter: Letters) -> None:
    subjects = [render(letter(kind=kind)).subject for kind in LetterKind]
    assert len(set(subjects)) == len(LetterKind)
    begun = render(letter(kind=LetterKind.REMINDER_BEGUN, minutes=4)).plain
    assert "Det är ungefär 4 minuter kvar." in begun
    assert "Fortsätt svara:\nhttps://" in begun
    last = render(letter(kind=LetterKind.REMINDER_LAST, minutes=1)).plain
    assert "Sista dagen att svara är den 18\xa0december 2026" in last
    assert "Det tar ungefär en minut." in last


def test_markup_in_titles_names_and_purposes_is_shown_and_not_run(letter: Letters) -> None:
    nasty = '<script>alert("1")</script>'
    rendered = render(letter(title=nasty, purpose=nasty, contact=ContactPerson(nasty, nasty, nasty)))
    assert "<script" not in rendered.html
    assert nasty in html.unescape(rendered.html)
    assert ET.fromstring(rendered.html) is not None  # noqa: S314  our own page


def test_a_line_break_in_a_title_does_not_break_the_subject(letter: Letters) -> None:
    rendered = render(letter(title="Bistånd\r\nBcc: alla@example.se"))
    assert rendered.subject == "Inbjudan att svara: Bistånd Bcc: alla@example.se"


def test_tests_and_examples_are_marked_in_subject_and_text(letter: Letters) -> None:
    rendered = render(letter(test=True, example=True))
    assert rendered.subject.startswith("Prov: Exempel: Inbjudan")
    assert rendered.plain.startswith("Det här är ett prov.")
    assert "Det här är ett exempel." in rendered.plain


@pytest.mark.parametrize(
    "link", ["", "javascript:alert(1)", 'https://x.se/"onclick', "https://x.se/a b", "https://å.se/"]
)
def test_a_link_that_is_no_web_address_is_refused(letter: Letters, link: str) -> None:
    with pytest.raises(ValueError, match="must be a web address"):
        render(letter(link=link))
    with pytest.raises(ValueError, match="must be a web address"):
        render(letter(unsubscribe=link))


def test_a_thank_you_with_a_link_is_refused(letter: Letters) -> None:
    with pytest.raises(ValueError, match="a thank-you has no link"):
        render(letter(kind=LetterKind.THANKS, link="https://granska.example.se/s/x"))


def test_a_contact_person_without_mail_is_not_to_be_replied_to(letter: Letters) -> None:
    plain = render(letter(contact=ContactPerson("Inga Inspektör", "08-508 00 000", ""))).plain
    assert "svara på mejlet" not in plain
    assert "E-post" not in plain
