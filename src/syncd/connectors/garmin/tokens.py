"""Where the login of Garmin Connect is kept."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from syncd import credentials, renewal
from syncd.connectors.base import AuthRequired
from syncd.connectors.garmin.replies import LOG_IN
from syncd.credentials import CredentialError
from syncd.renewal import is_token

_PARTS = ("di_token", "di_refresh_token", "di_client_id")


def completed(answered: str, spent: str) -> str | None:
    """The tokens of an answer; where it gives no new refresh token, the one that was sent stays valid.

    None where the answer gives nothing that can be an access token.
    """
    new, old = json.loads(answered), json.loads(spent)
    if not is_token(new.get("di_token")):
        return None
    return json.dumps({name: new[name] if is_token(new.get(name)) else old.get(name) for name in _PARTS})


@dataclass(frozen=True, slots=True)
class GarminTokenFile:
    """The tokens as the garminconnect library writes them: one JSON object, the same in all versions."""

    path: Path

    def load(self) -> str:
        """The tokens. Raises AuthRequired when there are none, or they must not be used."""
        try:
            found = renewal.current(self.path)
        except CredentialError as error:
            raise AuthRequired(str(error)) from error
        if found is None:
            raise AuthRequired(LOG_IN.replace("does not accept the login any more", "is not logged in"))
        return found

    def save(self, tokens: str) -> None:
        """On disk when this returns. Raises AuthRequired: a spent refresh token cannot be had again."""
        try:
            credentials.save(self.path, tokens)
        except CredentialError as error:
            raise AuthRequired(f"the new login could not be kept: {error}") from error

    def locked(self) -> AbstractContextManager[None]:
        """Held while a token is spent, so that only one process does it."""
        return credentials.locked(self.path)
