"""What each code of a fault means, in one line. Codes are stable: a code that is no longer used is not used again.

C0xx are the scripts' own. Contacts have C2xx, plans C3xx, questions C4xx, commands C5xx, each in its own room.
"""

from __future__ import annotations

CODES: dict[str, str] = {
    # files
    "C001": "a file is missing, is a directory or cannot be read",
    "C002": "a file is not text in UTF-8",
    "C003": "a script is empty",
    "C004": "a script is larger than any written by hand",
    "C005": "a line is indented by a tab",
    # syntax
    "C010": "a line cannot be read",
    "C011": "the first line, `cascade 1`, is missing or incomplete",
    "C012": "the script is written in another version of the language",
    "C013": "the indentation does not fit",
    "C014": "a line begins with a word that its block does not know",
    "C015": "a number lacks its unit",
    "C016": "a text has an unknown escape",
    "C017": "`...`: something is still to be written",
    "C018": "a word of the language is used as a name",
    "C019": "branches or brackets are nested too deeply",
    # names and statements
    "C030": "a name is not defined",
    "C031": "a text that must say something is empty",
    "C032": "a name stands twice in a list",
    "C033": "a name is defined twice",
    "C034": "something is stated twice",
    "C035": "scripts use each other in a circle",
    "C036": "a segment does not say how many people it has",
    "C037": "a question does not say what is best, or which channels are allowed",
    "C038": "chains or questions are for nobody: there is no segment",
    "C039": "a table's row has too few or too many cells",
    # values
    "C040": "a share is over 100%",
    "C041": "an amount of money cannot be used",
    "C042": "a length of time cannot be used",
    "C043": "a count is not a whole number, or too small",
    "C044": "a day or a time of day does not exist",
    "C045": "a range runs backwards",
    "C046": "an amount cannot be converted to the currency of results",
    "C047": "prices are in several currencies, and nothing says which results are in",
    # channels and segments
    "C050": "a rate is not a share of that",
    "C051": "quantiles do not fit together, or do not fit the form of the delay",
    "C052": "reach has a delay",
    "C053": "a curve's file cannot be used",
    "C054": "a window of time is empty",
    "C055": "a resend of something else than opens or answers",
    "C056": "a throughput that is no limit",
    "C057": "a segment has a campaign fee of its own",
    "C058": "a channel is used and does not say how many open or answer",
    "C059": "opens on a call, or answers elsewhere",
    "C060": "a rate builds on one that nobody states",
    "C061": "a price by the minute without the length of a call",
    "C062": "a price is never paid",
    "C063": "reach is stated for contacts, who bring their own",
    "C064": "kinds are impossible",
    "C065": "a text or a call is taken to have a read receipt",
    "C066": "joint reach is impossible",
    # chains
    "C070": "the early end of a wait is not before its end",
    "C071": "a wait on its own line looks at deliveries",
    "C072": "`and` and `or` are mixed without brackets",
    "C073": "a wait is longer than people are followed",
    "C074": "nothing follows a wait",
    "C075": "steps stand behind a `stop`",
    "C076": "a wait looks at deliveries that are not reported",
    "C077": "an event is never reported, so it decides nothing",
    "C078": "an event never happens",
    "C086": "the arms of a split are not 100%",
    # questions
    "C080": "a range of steps runs backwards",
    "C081": "a deadline is later than people are followed",
    "C082": "a channel is not among those to choose from",
    "C083": "a limit is for a segment that the question is not about",
    "C084": "coverage per cost without a floor",
    "C085": "more steps are asked for than are possible",
    # the clock
    "C090": "a rule reads the clock, and nothing says when the campaign starts",
    "C091": "a time zone is unknown",
    "C093": "a country's holidays are unknown",
}
"""The causes by code."""
