"""The demonstration scripts: the same call has the same answer, however often it is repeated."""

from __future__ import annotations

import pytest

from activities.scripts import SHIPPED, ScriptCall, ScriptFailed


@pytest.mark.parametrize("name", ["mdm_enrol", "idm_grant"])
def test_a_repeated_call_gives_the_same_number_and_another_call_another(name: str) -> None:
    def answer(key: str) -> object:
        return SHIPPED[name](ScriptCall(name, key, {"user": "alice"}))

    assert answer("a") == answer("a") != answer("b")


def test_what_is_revoked_has_to_be_named() -> None:
    revoke = SHIPPED["idm_revoke"]
    assert revoke(ScriptCall("idm_revoke", "a", {"grant": "GRANT-1"})) == {"id": "GRANT-1"}
    with pytest.raises(ScriptFailed, match="by hand"):
        revoke(ScriptCall("idm_revoke", "a", {"grant": ""}))
