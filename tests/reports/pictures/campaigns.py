"""Scripts whose pictures are hard to draw: many segments, long names, other alphabets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Names:
    """What channels, segments and chains are called."""

    channels: tuple[str, str, str]
    segments: tuple[str, ...]
    chains: tuple[str, str]


_PLAIN = ("push", "viber", "sms")
NAMES = {
    "one-segment": Names(_PLAIN, ("everyone",), ("viber-first", "cheap-first")),
    "twelve-segments": Names(_PLAIN, tuple(f"region-{n}" for n in range(1, 13)), ("viber-first", "cheap-first")),
    "long-names": Names(
        (
            "push-notification-of-the-loyalty-application",
            "viber-business-messages-by-the-second-vendor",
            "text-message-with-the-alphanumeric-sender",
        ),
        tuple(f"customers-who-bought-at-least-{n}-times-in-the-last-quarter" for n in ("two", "three", "four")),
        ("the-chain-that-the-agency-has-proposed-in-march", "everything-that-is-free-before-what-is-paid"),
    ),
    "cyrillic": Names(
        ("пуш", "вайбер", "смс"), ("постоянные", "новые", "золотые"), ("сначала-вайбер", "сначала-дешёвые")
    ),
}


def script(names: Names, people: int = 900) -> str:
    """Three channels, one with a limit and quiet hours; two chains; a question."""
    push, viber, sms = names.channels
    each = people // len(names.segments)
    segments = "".join(f"segment {name}\n    people {each}\n\n" for name in names.segments)
    one, other = names.chains
    return f"""
cascade 1

scenario "{one}"
    starts    2027-03-01 10:00
    runs for  3 days

channel {push}
    reaches   45%
    delivers  92%, after 2 s
    opens     9%, half within 6 min, 90% within 5 h
    costs     0.0004 EUR per message sent

channel {viber}
    reaches   58%
    delivers  97%, half within 3 s, 95% within 1 h
    opens     61% measured on 400, half within 4 min, 90% within 2 h
    costs     0.020 EUR per message delivered
    sends up to 100 per hour
    quiet from 21:00 to 9:00

channel {sms}
    reaches   97%
    delivers  95%, half within 6 s
    opens     30% to 38%, half within 12 min, 90% within 6 h
    reports   delivered
    costs     0.045 EUR per part sent

{segments}
chain {one}
    stop when opened
    send {viber}, wait 2 h
    send {sms}

chain {other}
    stop when opened
    send {push}, wait 30 min but 10 min if undelivered
    send {viber}, wait 2 h
    send {sms}

optimize
    covered when opened within 1 day
    minimize  cost per person
    keep      coverage at least 45%
    choose from {push}, {viber}, {sms}
    steps     1 to {2 if len(names.segments) > 3 else 3}
    waits     {"2 h" if len(names.segments) > 3 else "30 min, 2 h"}
"""
