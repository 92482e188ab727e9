"""Where receipts, outside events, entries and stops come in: a Starlette application. Needs the extra `live`."""

from cascadesim.live.receipts.application import application
from cascadesim.live.receipts.bounces import read_bounces
from cascadesim.live.receipts.formats import FORMATS, Endpoint, Format
from cascadesim.live.receipts.serving import server
from cascadesim.live.receipts.signing import secret_key, sign

__all__ = ["FORMATS", "Endpoint", "Format", "application", "read_bounces", "secret_key", "server", "sign"]
