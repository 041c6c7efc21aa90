"""Slips of paper: what they say, and that their codes can be read."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pypdfium2
import pytest
import zxingcpp

from fieldwork.messages import ContactPerson
from fieldwork.slips import SlipSheet, print_slips

AT = datetime(2026, 11, 3, 9, 30, 0, 123456, tzinfo=UTC)
ADDRESS = "https://granska.example.se/s/3q8Zt0cJvT0Jm5bTnq1Dk2mQm5u0yqI9dV7hS1aXw"


def sheet(**changes: object) -> SlipSheet:
    standing: dict[str, object] = {
        "language": "sv",
        "title": "Granskning av ekonomiskt bistånd i Lindhagen",
        "contact": ContactPerson("Inga Inspektör", "08-508 00 000", ""),
        "closes": date(2026, 12, 18),
        "minutes": 10,
        "slips": (("Lindhagen", f"{ADDRESS}01"),),
    }
    return SlipSheet(**{**standing, **changes})


def pages(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_range().replace("\r\n", " ") for page in document]


def codes(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        pictures = [page.render(scale=3).to_pil() for page in document]
    return [code.text for picture in pictures for code in zxingcpp.read_barcodes(picture)]


def test_every_slip_has_a_code_that_a_phone_can_read() -> None:
    links = {f"{ADDRESS}{number:02}" for number in range(8)}
    pdf = print_slips(sheet(slips=tuple(("Lindhagen", link) for link in sorted(links))), AT)
    assert len(pages(pdf)) == 1
    assert len(codes(pdf)) == 8
    assert set(codes(pdf)) == links


def test_each_unit_has_pages_of_its_own() -> None:
    slips = [("Norrvik", f"{ADDRESS}{number:02}") for number in range(9)] + [("Lindhagen", f"{ADDRESS}99")]
    texts = pages(print_slips(sheet(slips=tuple(slips)), AT))
    assert [text.split(" ")[1] for text in texts] == ["Lindhagen", "Norrvik", "Norrvik"]
    assert "En lapp." in texts[0]
    assert "9 lappar." in texts[1]
    assert [text.count("Frågor?") for text in texts] == [1, 8, 1]


def test_a_slip_says_what_it_is_where_it_leads_and_whom_to_ask() -> None:
    [text] = pages(print_slips(sheet(example=True), AT))
    said = " ".join(text.replace("\xa0", " ").split())
    assert "Frågorna hör till en kvalitetsgranskning: Granskning av ekonomiskt bistånd i Lindhagen." in said
    assert "Det tar ungefär 10 minuter. Du kan svara till och med den 18 december 2026." in said
    assert "granska.example.se/s/ 3q8Zt0cJvT0Jm5bTnq1Dk2mQm5u0yqI9dV7hS1aXw01" in said
    assert "Frågor? Inga Inspektör, telefon 08-508 00 000" in said
    assert "Exempel. Granskningen är påhittad." in said


def test_a_slip_in_english_has_the_same_content() -> None:
    [text] = pages(print_slips(sheet(language="en", minutes=1), AT))
    said = " ".join(text.replace("\xa0", " ").split())
    assert "It takes about one minute. You can answer up to and including 18 December 2026." in said
    assert "Questions? Inga Inspektör, telephone 08-508 00 000" in said


def test_a_short_address_stands_on_one_line() -> None:
    [text] = pages(print_slips(sheet(slips=(("Lindhagen", "http://granska.test/s/abc123"),)), AT))
    assert "http://granska.test/s/abc123" in text


def test_markup_of_the_typesetter_is_printed_as_it_stands() -> None:
    [text] = pages(print_slips(sheet(title='*a* #panic("b") $c$ "d" \\e'), AT))
    assert '*a* #panic("b") $c$ "d" \\e' in " ".join(text.split())


def test_a_long_title_leaves_the_address_and_the_contact_person_in_place() -> None:
    def last_line(title: str) -> float:
        with pypdfium2.PdfDocument(print_slips(sheet(title=title), AT)) as document:
            page = document[0].get_textpage()
            found = page.search("Frågor?").get_next()
            assert found is not None
            bottom: float = page.get_charbox(found[0])[1]
            return bottom

    assert last_line("Granskning av stadsdelsförvaltningarnas arbete " * 6) == pytest.approx(
        last_line("Kort")
    )


def test_the_same_slips_give_the_same_file() -> None:
    assert print_slips(sheet(), AT) == print_slips(sheet(), AT)


def test_a_sheet_without_slips_is_refused() -> None:
    with pytest.raises(ValueError, match="no slips"):
        print_slips(sheet(slips=()), AT)
