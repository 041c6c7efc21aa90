"""A strict stand-in for the Telegram Bot API over HTTP, for tests only.

`server.running()` serves it from a thread, `serve.py` from a process of its own; both are handled through
`api.BotApi`. A call that the Bot API does not know, or that the stand-in does not model, is refused, written
down as a complaint and fails the test.
"""
