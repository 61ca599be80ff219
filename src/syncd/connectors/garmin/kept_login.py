"""What is kept of a login: tokens, whose they are, a login that waits for its code, and any block."""

from __future__ import annotations

import base64
import json
import os
import stat
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from syncd import credentials
from syncd.connectors.base import Rejected
from syncd.connectors.budget_file import BudgetFile
from syncd.connectors.garmin.budget import GarminBudget
from syncd.connectors.garmin.session import fingerprint_of
from syncd.connectors.garmin.tokens import GarminTokenFile
from syncd.credentials import CredentialError
from syncd.domain.plain_text import tidy_names

LIBRARY_FILE = "garmin_tokens.json"  # what every version of garminconnect writes
_NEEDED = ("di_token", "di_refresh_token", "di_client_id")
_CODE_WAITS_S = 600.0  # our default: codes of Garmin live for about half an hour, sessions less
_AHEAD_S = 900.0  # the library renews an access token so long before its end
_LARGEST_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Whose:
    """The account behind the tokens. `profile_id` 0 and an empty name: it was never asked."""

    profile_id: int = 0
    name: str = ""

    def __post_init__(self) -> None:
        tidy_names(self, "name")


@dataclass(frozen=True, slots=True)
class LoginState:
    """The status of the login, from the files alone.

    `exists`: there is a file of tokens. `valid_until`: of the access token, which is renewed by
    itself, at the next request where `renewal_due`; `renewed`: when the pair was last written.
    `dead`: the service did not renew it. `fault`: why the file cannot be used.
    """

    whose: Whose
    exists: bool = False
    valid_until: datetime | None = None
    renewed: datetime | None = None
    dead: bool = False
    fault: str = ""
    renewal_due: bool = False
    login_blocked_until: datetime | None = None
    resting_until: datetime | None = None

    @property
    def usable(self) -> bool:
        """Whether a sync can use it."""
        return self.exists and not self.dead and not self.fault


@dataclass(frozen=True, slots=True)
class KeptLogin:
    """The files of one profile in `folder`."""

    folder: Path

    @property
    def tokens(self) -> GarminTokenFile:
        """The pair of tokens."""
        return GarminTokenFile(self.folder / "garmin.json")

    @property
    def budget(self) -> BudgetFile[GarminBudget]:
        """The spacing and the breaker of requests."""
        return BudgetFile(GarminBudget, self.folder / "garmin-budget.json")

    @property
    def blocked(self) -> BudgetFile[GarminBudget]:
        """Until when no login should be tried."""
        return BudgetFile(GarminBudget, self.folder / "garmin-login-budget.json")

    @property
    def _account(self) -> Path:
        return self.folder / "garmin-account.json"

    @property
    def _code(self) -> Path:
        return self.folder / "garmin-code.json"

    def whose(self) -> Whose:
        """Whose tokens these are, as far as that was ever reported."""
        account = _mapping(_read(self._account))
        try:
            return Whose(int(account["profile_id"]), str(account["name"]))
        except (KeyError, TypeError, ValueError):
            return Whose()

    def calendar_of(self) -> int:
        """Whose calendar the deliveries were put on, whoever is logged in just now; 0: not known."""
        number = _mapping(_read(self._account)).get("calendar_of")
        return number if isinstance(number, int) else 0

    def keep_whose(self, whose: Whose) -> None:
        """Remember it; an unknown account does not change whose calendar it was. Raises CredentialError."""
        calendar_of = whose.profile_id or self.calendar_of()
        credentials.save(self._account, json.dumps(asdict(whose) | {"calendar_of": calendar_of}))

    def keep(self, tokens: str) -> None:
        """The tokens of a new login. Raises AuthRequired."""
        with self.tokens.locked():  # or a renewal that is under way would put the earlier ones back
            self.tokens.save(tokens)

    def keep_code_state(self, state: Mapping[str, Any], now_s: float) -> None:
        """A login that waits for its code: as secret as a password, and short-lived."""
        credentials.save(self._code, json.dumps({"at_s": now_s, "state": dict(state)}))

    def code_state(self, now_s: float) -> dict[str, Any] | None:
        """The login that still waits for its code; None when there is none, or it is too old."""
        kept = _mapping(_read(self._code))
        at_s, state = kept.get("at_s"), kept.get("state")
        if not isinstance(at_s, int | float) or not isinstance(state, dict):
            return None
        if not 0 <= now_s - at_s <= _CODE_WAITS_S:
            self.drop_code_state()
            return None
        return state

    def drop_code_state(self) -> None:
        """The code was used, or the login began anew."""
        credentials.remove(self._code)

    def log_out(self) -> bool:
        """Forget the login; whether there was one. Raises CredentialError.

        What stays are the blocks, which the service remembers too, and the number of the account
        that the deliveries were put on.
        """
        self.drop_code_state()
        if self.calendar_of():
            self.keep_whose(Whose())
        else:
            credentials.remove(self._account)
        with self.tokens.locked():
            return credentials.remove(self.tokens.path)

    def state(self, now_s: float, real_s: float | None = None) -> LoginState:
        """The status at `now_s` (epoch seconds), by which the breaker goes.

        Tokens expire by the real time, whatever time the commands take it for; `real_s` stands in for it.
        """
        whose, blocked = self.whose(), _until(self.blocked, now_s)
        try:
            kept = credentials.load(self.tokens.path)
        except CredentialError as error:
            return LoginState(whose, exists=True, fault=str(error), login_blocked_until=blocked)
        if kept is None:
            return LoginState(whose, login_blocked_until=blocked)
        if missing(kept):
            fault = f"{self.tokens.path} is damaged: run `syncd auth garmin`"
            return LoginState(whose, exists=True, fault=fault, login_blocked_until=blocked)
        valid_until = _expiry_of(json.loads(kept)["di_token"])
        return LoginState(
            whose=whose,
            exists=True,
            valid_until=valid_until,
            renewal_due=valid_until is not None
            and valid_until.timestamp() - _AHEAD_S < (real_s or time.time()),
            renewed=datetime.fromtimestamp(self.tokens.path.stat().st_mtime, UTC),
            dead=self.budget.read().is_dead(fingerprint_of(kept), now_s),
            login_blocked_until=blocked,
            resting_until=_until(self.budget, now_s),
        )


def library_tokens(place: Path) -> tuple[str, str]:
    """The tokens in a folder (or file) of the garminconnect library, and a warning or "".

    Raises Rejected when there are none that can be used.
    """
    path = place / LIBRARY_FILE if place.is_dir() else place
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_BYTES + 1)
            mode = os.fstat(file.fileno()).st_mode
    except OSError as error:
        raise Rejected(f"{path}: {error.strerror}; name the folder that holds {LIBRARY_FILE}") from None
    text = content.decode("utf-8", "replace")
    lacks = missing(text) if len(content) <= _LARGEST_BYTES else "tokens"
    if lacks:
        raise Rejected(f"{path} holds no tokens of the garminconnect library (no {lacks})")
    plain = json.dumps({name: json.loads(text)[name] for name in _NEEDED})
    open_to_others = mode & (stat.S_IRWXG | stat.S_IRWXO)
    warning = f"{path} can be read by others: run `chmod 600 {path}`, or delete it" if open_to_others else ""
    return plain, warning


def missing(tokens: str) -> str:
    """The first part that tokens lack; "" when they are complete."""
    parts = _mapping(tokens)
    return next((name for name in _NEEDED if not isinstance(parts.get(name), str) or not parts[name]), "")


def _expiry_of(access: str) -> datetime | None:
    """When an access token ends, read from the token itself; None where it does not say."""
    try:
        middle = access.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
        return datetime.fromtimestamp(float(claims["exp"]), UTC)
    except (IndexError, ValueError, KeyError, TypeError, OverflowError, OSError):
        return None


def _until(budget: BudgetFile[GarminBudget], now_s: float) -> datetime | None:
    closed = budget.read().closed_at(now_s)
    return None if closed is None else datetime.fromtimestamp(closed, UTC)


def _read(path: Path) -> str:
    try:
        return credentials.load(path) or ""
    except CredentialError:
        return ""


def _mapping(payload: object) -> Mapping[str, Any]:
    if isinstance(payload, str):
        try:
            payload = json.loads(payload)
        except ValueError:
            return {}
    return payload if isinstance(payload, Mapping) else {}
