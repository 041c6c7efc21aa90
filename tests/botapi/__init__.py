"""A strict stand-in for the Telegram Bot API over HTTP, for tests only.

    from botapi.api import started       # a process of its own, for bots that are killed or measured
    from botapi.server import running    # a thread of the test

    with running() as api:
        ...  # Application.builder().token(api.token).base_url(api.base_url)
        kim = api.user()
        kim.start("token-of-the-link")
        kim.expect("Första frågan")      # in the bot's own event loop: await kim.expected(...)
        kim.press("Ja")

A call that the Bot API does not know, or that the stand-in does not model, is refused, written down as a
complaint, and fails the test when the `with` block ends.
"""
