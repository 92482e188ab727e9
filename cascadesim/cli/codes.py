"""The codes of what the commands themselves find fault with; each with its cause in one line."""

from __future__ import annotations

NO_SUCH_CHAIN = "C501"
NO_CHAIN = "C502"
UNFINISHED = "C503"
ONE_CHAIN = "C504"
NO_QUESTION = "C505"
CHANGED = "C506"
REFUSED = "C507"
OUTSIDE = "C508"
NOT_A_FOLDER = "C509"
UNANSWERED = "C510"
NO_CONTACTS = "C511"
NOT_NEEDED = "C512"
NO_SUCH_CODE = "C513"
NO_LISTEN = "C514"
NOT_PRICED = "C515"

CODES: dict[str, str] = {
    NO_SUCH_CHAIN: "a chain is asked for that the script does not have",
    NO_CHAIN: "the script has no chain that can be simulated",
    UNFINISHED: "a chain with a hole is passed over",
    ONE_CHAIN: "records are of one chain, and several are to be simulated",
    NO_QUESTION: "the script asks nothing: it has no `optimize` block",
    CHANGED: "the script, or the contacts, have changed since the plan was made",
    REFUSED: "an engine or a sender does not do what is asked",
    OUTSIDE: "the outside failed: a disk, a database, a provider",
    NOT_A_FOLDER: "the folder for the outputs cannot be made",
    UNANSWERED: "a script asks several questions, and only the first is answered",
    NO_CONTACTS: "a plan's contacts are not beside it",
    NOT_NEEDED: "contacts are given to a plan that takes nobody from a file",
    NO_SUCH_CODE: "a code is asked for that no fault has",
    NO_LISTEN: "a senders file does not say where to listen",
    NOT_PRICED: "what a vendor changes cannot be priced for these contacts",
}
"""What each code means, in one line."""
