"""Questions with their follow-ups: what everybody is asked, and what hangs on an answer to it."""

from __future__ import annotations

from collections.abc import Mapping

from questionnaires.definition import Form
from questionnaires.engine import is_asked


def heads(form: Form) -> Mapping[str, str]:
    """Return for each question the last one at or before it that everybody is asked.

    Whoever is at a question has been asked every head up to it, whatever she answered; which follow-ups she
    was asked depends on her answers.
    """
    found: dict[str, str] = {}
    head = ""
    for question in filter(is_asked, form.questions):
        head = head if head and question.relevant else question.name
        found[question.name] = head
    return found
