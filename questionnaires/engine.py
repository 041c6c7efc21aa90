"""The rules of answering: pure functions over a form and what was answered.

``answers`` maps item ids to canonical values (see ``question_types``). An item that is not there is
unanswered; the value ``None`` is a skip. Answers that fall off the route stay in the mapping and count again
when the route comes back.
"""
