"""The codes of what can be wrong with contacts, C201 to C299. A code never changes its meaning."""

from __future__ import annotations

MISSING_FILE = "C201"
NOT_A_FILE = "C202"
NO_PERMISSION = "C203"
NOT_TEXT = "C204"
EMPTY_FILE = "C205"
BROKEN_QUOTES = "C206"
BROKEN_PARQUET = "C207"
NESTED_COLUMN = "C208"
NO_ID_COLUMN = "C209"
COLUMN_TWICE = "C210"
MISSING_COLUMN = "C211"
WRONG_WIDTH = "C212"
EMPTY_ID = "C213"
DUPLICATE_ID = "C214"
UNKNOWN_ZONE = "C215"
IN_TWO_SEGMENTS = "C216"
NOBODY = "C217"
EMPTY_CELL = "C218"

CODES: dict[str, str] = {
    MISSING_FILE: "a contacts file does not exist",
    NOT_A_FILE: "a contacts file is a directory, or no regular file",
    NO_PERMISSION: "a contacts file may not be read",
    NOT_TEXT: "a contacts file is not text in UTF-8",
    EMPTY_FILE: "a contacts file is empty",
    BROKEN_QUOTES: "a contacts file's quotation marks do not follow RFC 4180",
    BROKEN_PARQUET: "a contacts file is not a whole Parquet file",
    NESTED_COLUMN: "a column holds lists or records, not single values",
    NO_ID_COLUMN: "a contacts file has no column `id`",
    COLUMN_TWICE: "two columns of a contacts file have the same name",
    MISSING_COLUMN: "a contacts file lacks a column that the script needs",
    WRONG_WIDTH: "a row has more or fewer cells than the header",
    EMPTY_ID: "a contact has no id",
    DUPLICATE_ID: "several contacts have the same id",
    UNKNOWN_ZONE: "a contact's time zone is unknown",
    IN_TWO_SEGMENTS: "a contact belongs to two segments",
    NOBODY: "no contact belongs to a segment",
    EMPTY_CELL: "a text without a fallback would go to a contact whose cell for it is empty",
}
"""What each code means, in one line."""
