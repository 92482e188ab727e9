"""A senders file: every fault in one run, each with place and remedy, and no secret shown."""

from __future__ import annotations

import pytest

from cascadesim.errors import InputError
from cascadesim.live.senders import KINDS, codes, read_senders
from cascadesim.live.senders.kinds import driver_of
from cascadesim.model.channel import Channel
from cascadesim.model.model import Model

MODEL = Model(channels=tuple(Channel(name) for name in ("email", "push", "sms", "viber")))
GOOD = """
[sms]
sender = "kannel"
url = "http://localhost:13013/cgi-bin/sendsms"
username = "tester"
password = { env = "KANNEL_PASSWORD" }
from = "SHOP"
timeout = "5 s"
country = "LV"

["email"]
sender = "smtp"
host = "localhost"
port = 2525
from = "Shop <news@shop.example>"
username = "news"
password = { file = "smtp.secret" }

[push]
sender = "webhook"
url = { env = "PUSH_URL" }
secret = { env = "PUSH_SECRET" }
in_doubt = "unknown"

[viber]
sender = "console"
"""


@pytest.fixture
def read(tmp_path, monkeypatch):
    """Reads a text as a senders file, in a place where the secrets are."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KANNEL_PASSWORD", "k-hidden")
    monkeypatch.setenv("PUSH_SECRET", "p-hidden and long enough")
    monkeypatch.setenv("PUSH_URL", "https://shop.example/push?token=t-hidden")
    (tmp_path / "smtp.secret").write_text("s-hidden\n")

    def run(text, model=None, used=()):
        (tmp_path / "senders.toml").write_text(text, "utf-8")
        return read_senders("senders.toml", model, used)

    return run


def faults(read, *args):
    """(code, line, message, hint) of each fault."""
    with pytest.raises(InputError) as error:
        read(*args)
    return [(d.code, d.span and d.span.line, d.message, d.hint) for d in error.value.diagnostics]


def test_a_file_that_is_well(read):
    tables = read(GOOD, MODEL, ["sms", "viber"])
    assert {name: table.sender for name, table in tables.items()} == {
        "sms": "kannel", "email": "smtp", "push": "webhook", "viber": "console",
    }  # fmt: skip
    sms, email, push = (tables[name].settings for name in ("sms", "email", "push"))
    assert (sms["timeout"], sms["at_once"], sms["in_doubt"], sms["receipts"]) == (5.0, 4, "unknown", None)
    assert (sms["password"].reveal(), email["password"].reveal()) == ("k-hidden", "s-hidden")
    assert (email["port"], email["security"]) == (2525, "starttls")
    assert push["url"] == "https://shop.example/push?token=t-hidden"
    assert push["in_doubt"] == "unknown"
    assert "k-hidden" not in repr(tables["sms"])
    assert all((driver_of(table) is None) == (table.sender == "console") for table in tables.values())


MISSING = "`secret` of [push] is not there: the environment variable NOT_SET is not set, or is empty"


def test_all_the_faults_of_a_file_in_one_run(read):
    text = """
loose = 1
[sms]
sender = "kanel"
[fax]
sender = "smtp"
[push]
sender = "webhook"
url = "shop.example/push"
secret = { env = "NOT_SET" }
secrt = "x"
at_once = 0
timeout = "1 h"
[viber]
url = "x"
"""
    assert [(code, line, message) for code, line, message, _ in faults(read, text, MODEL, ["email", "sms"])] == [
        (codes.NOT_A_CHANNEL, None, "senders.toml:2: `loose` stands outside of any channel's table"),
        (codes.NO_SUCH_SENDER, 4, "there is no sender 'kanel'"),
        (codes.NOT_A_CHANNEL, 5, "the plan has no channel fax"),
        (codes.NO_SUCH_SETTING, None, "senders.toml:11: the sender webhook has no setting `secrt`"),
        (codes.BAD_SETTING, 9, "`url` of [push] must be a URL that begins with http:// or https://"),
        (codes.NO_SECRET, 10, MISSING),
        (codes.BAD_SETTING, 13, '`timeout` of [push] must be a duration from 1 s to 1 min, as in "30 s"'),
        (codes.BAD_SETTING, 12, "`at_once` of [push] must be a whole number from 1 to 100"),
        (codes.NO_SUCH_SENDER, 14, "[viber] does not say by which sender"),
        (codes.NO_SENDER, None, "senders.toml has no table for the channel email"),
    ]  # fmt: skip


def test_the_remedies(read):
    hints = [hint for *_, hint in faults(read, '[sms]\nsender = "kanel"\n[push]\nsender = "webhook"\nsecrt = 1\n')]
    assert hints == [
        "did you mean kannel?",
        "did you mean secret?",
        'as in url = "https://shop.example/push"',
        'as in secret = { env = "PUSH_SECRET" }',
    ]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ('password = "hunter2"', "password"),
        ('url = "http://me:hunter2@localhost/cgi-bin/sendsms"', "url"),
    ],
)
def test_a_secret_that_is_written_out_is_refused_and_not_shown(read, line, name):
    text = "\n".join(line if row.startswith(f"{name} =") else row for row in GOOD.splitlines()[:9])
    ((code, span, message, hint),) = faults(read, text)
    number = text.splitlines().index(line) + 1
    assert (code, span) == (codes.LITERAL_SECRET, None)
    assert message == f"senders.toml:{number}: `{name}` of [sms] is written out"
    assert hint == 'take it from the environment, { env = "NAME" }, or from a file, { file = "path" }; and change it'


@pytest.mark.parametrize(
    "text",
    [
        '[sms]\nsender = "kannel"\npasswrd = "hunter2"\n',
        'sms = { sender = "kannel", password = "hunter2", at_once = 0 }\n',
        'sms = { sender = "kanel", password = "hunter2" }\n',
        'sms.sender = "kannel"\nsms.password = "hunter2"\n',
        'password = "hunter2"\n',
        '[fax]\npassword = "hunter2"\n',
    ],
)
def test_no_fault_shows_a_line_that_may_hold_a_secret(read, text):
    """Where a line is shown, it is another one; where it is not, the message says which."""
    for _, line, message, hint in faults(read, text, MODEL, ["sms"]):
        assert line is None or "hunter2" not in text.splitlines()[line - 1]
        assert line is not None or message.startswith(("senders.toml:", "senders.toml has no table"))
        assert "hunter2" not in message + hint


@pytest.mark.parametrize(
    ("raw", "code", "said"),
    [
        ('{ env = "A", file = "b" }', codes.BAD_SETTING, "neither a value nor a place"),
        ("{ vault = 1 }", codes.BAD_SETTING, "neither a value nor a place"),
        ("{ file = 'nothing' }", codes.NO_SECRET, "cannot read nothing (No such file or directory)"),
        ("{ file = '.' }", codes.NO_SECRET, "cannot read"),
        ("7", codes.LITERAL_SECRET, "is written out"),
        ('["x"]', codes.LITERAL_SECRET, "is written out"),
    ],
)
def test_secrets_that_are_nowhere(read, raw, code, said):
    ((found, _, message, _),) = faults(read, GOOD.replace('{ env = "KANNEL_PASSWORD" }', raw))
    assert found == code
    assert said in message


def test_a_secret_that_cannot_sign(read, monkeypatch):
    monkeypatch.setenv("PUSH_SECRET", "weak-hidden")
    ((code, line, message, _),) = faults(read, GOOD)
    assert (code, line) == (codes.BAD_SETTING, 22)
    assert message == "`secret` of [push] must be at least 16 bytes, drawn at random"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[sms", "the end of senders.toml is not TOML: "),
        ('[sms]\npassword = "hunter2', "the end of senders.toml is not TOML: "),
        ("[sms]\npassword = hunter2\n", "senders.toml:2:12 is not TOML: "),
        ("[sms]\n[sms]\n", "senders.toml:2:"),
        ("a = " + "[" * 5000, "is not TOML"),
    ],
)
def test_what_is_no_toml(read, text, said):
    ((code, span, message, _),) = faults(read, text)
    assert (code, span) == (codes.NOT_TOML, None)
    assert said in message
    assert "hunter2" not in message


def test_a_file_that_cannot_be_read(tmp_path):
    (tmp_path / "latin.toml").write_bytes(b"[sms]\nfrom = '\xe9'\n")
    for name in ("nothing.toml", "latin.toml", "."):
        with pytest.raises(InputError) as error:
            read_senders(tmp_path / name)
        assert error.value.diagnostics[0].code == codes.NO_FILE


@pytest.mark.parametrize(
    ("setting", "good", "bad"),
    [
        ("host", ["mail.example"], ["", " ", 7, "a\nb"]),
        ("port", [25, "587"], [0, 65536, "x", True, 2.5, "²"]),
        ("security", ["tls"], ["ssl", None, []]),
        (
            "from",
            ["a@b.example", "Shop, Riga <a@b.example>"],
            ["Shop", "<>", "a@b", "a\n@b.example"],
        ),
        ("timeout", ["1 s", "1 min"], ["0.5 s", "61 s", 30, "soon"]),
    ],
)
def test_values(setting, good, bad):
    read = KINDS["smtp"].setting(setting).read
    for value in good:
        read(value)
    for value in bad:
        with pytest.raises(ValueError, match=r"\w"):
            read(value)


def test_a_setting_that_another_is_of_no_use_without(read):
    """Receipts that nobody could check, and an account without its password."""
    kannel = GOOD.replace('from = "SHOP"', 'from = "SHOP"\nreceipts = "https://shop.example/receipts/sms"')
    (fault,) = faults(read, kannel)
    assert fault[0] == codes.MISSING_SETTING
    assert fault[2].startswith("[sms] has no `receipt_secret`")
    assert fault[3] == 'as in receipt_secret = { env = "RECEIPT_SECRET" }'
    short = kannel.replace("country", 'receipt_secret = { env = "KANNEL_PASSWORD" }\ncountry')
    (fault,) = faults(read, short)
    assert fault[0] == codes.BAD_SETTING
    assert "at least 16 bytes, drawn at random" in fault[2]
    well = read(short.replace('KANNEL_PASSWORD" }\ncountry', 'PUSH_SECRET" }\ncountry'))
    assert well["sms"].settings["receipt_secret"].reveal() == "p-hidden and long enough"
    (fault,) = faults(read, GOOD.replace('password = { file = "smtp.secret" }', ""))
    assert fault[2] == "[email] has no `password`: its password"


def test_one_of_two_settings_is_enough(read):
    """A number to write from, or the service that chooses one."""
    account = 'sender = "twilio"\naccount = "AC1"\nauth_token = { env = "PUSH_SECRET" }\nchannel = "sms"\n'
    twilio = GOOD[: GOOD.index("[sms]")] + f"[sms]\n{account}"
    (fault,) = faults(read, twilio)
    assert (fault[0], fault[2]) == (
        codes.MISSING_SETTING,
        "[sms] has no `from`: who people see, unless a service decides",
    )
    assert read(f'{twilio}from = "+15550000000"')["sms"].settings["service"] is None
    assert read(f'{twilio}service = "MG1"')["sms"].settings["from"] is None


def test_tables_of_other_campaigns_are_passed_over_where_none_is_missing(read):
    text = '[sms]\nsender = "console"\n[fax]\nsender = "webhook"\nsecret = { env = "NOT_SET" }\n'
    assert list(read(text, MODEL, ["sms"])) == ["sms"]
