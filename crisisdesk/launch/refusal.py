"""Why the desk cannot start, in a sentence for the person at the terminal."""

NO = 1
WRONG_USAGE = 2


class CannotStart(Exception):
    """The text is shown as it stands; `code` is the exit code of the command."""

    def __init__(self, text: str, *, code: int = NO) -> None:
        super().__init__(text)
        self.code = code
