"""What an inspector's file or command got wrong, told as a list of faults."""

from __future__ import annotations

from questionnaires.errors import Problem


class InputError(Exception):
    """A file or a command that cannot be used; nothing was changed. ``problems`` lists everything wrong."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
