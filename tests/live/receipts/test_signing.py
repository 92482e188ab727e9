"""Signatures: the specification's own example, and secrets."""

from __future__ import annotations

import pytest

from cascadesim.errors import InputError
from cascadesim.live.receipts import secret_key, sign

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_the_example_that_libraries_of_the_specification_are_tested_by():
    headers = sign(secret_key(SECRET), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_secret_is_base64_after_its_prefix_and_else_itself():
    assert secret_key(SECRET)[:2] == b"\x31\xf2"
    assert secret_key("sixteen letters!") == b"sixteen letters!"


@pytest.mark.parametrize("secret", ["", "fifteen letters", "whsec_", "whsec_MfKQ9r8GKYqr", "whsec_not base64 at all!"])
def test_a_secret_that_could_be_guessed_is_refused_and_not_shown(secret: str):
    with pytest.raises(InputError) as error:
        secret_key(secret)
    assert error.value.diagnostics[0].code == "C381"
    assert not secret or secret.removeprefix("whsec_") not in str(error.value) or secret == "whsec_"
