"""The vendors' drivers as tests make them: at a server of this machine, with what they answer when all is well."""

from __future__ import annotations

from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from cascadesim.live.senders.kinds import KINDS, driver_of
from cascadesim.live.senders.secret import Secret
from cascadesim.live.senders.settings import Configured
from tests.live.senders.rig import SECRET

RSA = rsa.generate_private_key(65537, 2048)
PRIVATE_KEY = RSA.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
API_KEY = Secret("environment variable K", "the-api-key-of-the-account")
RECEIPTS = "https://shop.example/receipts/sms"


class Vendor(NamedTuple):
    """A vendor: what its table says beside the url, and how it answers that it has a message, called `m-1`."""

    name: str
    settings: dict[str, Any]
    status: int
    accepted: str


_SIGNED = {"receipts": RECEIPTS, "receipt_secret": SECRET}
VENDORS = {
    vendor.name: vendor
    for vendor in (
        Vendor(
            "8x8",
            {"subaccount": "shop_hq", "api_key": API_KEY, "channel": "viber", "from": "SHOP", **_SIGNED},
            200,
            '{"umid": "m-1", "user": {"msisdn": "+6512341234"}, "status": {"state": "queued"}}',
        ),
        Vendor(
            "infobip",
            {"api_key": API_KEY, "channel": "viber", "from": "SHOP", **_SIGNED},
            200,
            '{"bulkId": "b", "messages": [{"messageId": "m-1", "status": {"groupId": 1, "groupName": "PENDING"}}]}',
        ),
        Vendor(
            "twilio",
            {
                "account": "AC1",
                "auth_token": API_KEY,
                "channel": "whatsapp",
                "from": "+15550000000",
                "receipts": RECEIPTS,
            },
            201,
            '{"sid": "m-1", "status": "queued", "error_code": null}',
        ),
        Vendor(
            "vonage",
            {"application": "a-1", "private_key": Secret("file k", PRIVATE_KEY), "channel": "viber", "from": "SHOP"}
            | _SIGNED,
            202,
            '{"message_uuid": "m-1"}',
        ),
    )
}


def driver(name: str, url: str, **changed: Any) -> Any:
    """The vendor's driver, as a senders file makes it."""
    made = driver_of(table(name, url, **changed))
    assert made is not None
    return made


def table(name: str, url: str, **changed: Any) -> Configured:
    """The table of the channel `sms`, as it is read from a file."""
    defaults = {setting.name: setting.default for setting in KINDS[name].settings}
    return Configured("sms", name, defaults | VENDORS[name].settings | {"url": url, "timeout": 5.0} | changed)
