"""People from CSV or Parquet files, streamed: one row a person, one column an address (S2).

`read_contacts` streams a file, `load_segments` gives the members of a model's segments, `check_contacts`
reports on a file. What is wrong with a file comes as ContactsError with all its faults (`codes.CODES`).
"""

from cascadesim.contacts.audit import read_contacts
from cascadesim.contacts.check import check_contacts
from cascadesim.contacts.contact import Contact, reach_of, zone_of
from cascadesim.contacts.findings import Example, Finding
from cascadesim.contacts.load import load_segments
from cascadesim.contacts.members import homes_of, read_excluded, segment_of, segments_of
from cascadesim.contacts.needs import Need, needs_of, used_channels
from cascadesim.contacts.report import ContactsReport

__all__ = [
    "Contact",
    "ContactsReport",
    "Example",
    "Finding",
    "Need",
    "check_contacts",
    "homes_of",
    "load_segments",
    "needs_of",
    "reach_of",
    "read_contacts",
    "read_excluded",
    "segment_of",
    "segments_of",
    "used_channels",
    "zone_of",
]
