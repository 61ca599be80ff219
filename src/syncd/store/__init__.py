"""State on disk: SQLite, a class a table, beside payloads named by their hash."""

from syncd.store.errors import StoreBehind, StoreBusy, StoreDamaged, StoreError, StoreFull
from syncd.store.lock import sync_lock
from syncd.store.store import Store

__all__ = ["Store", "StoreBehind", "StoreBusy", "StoreDamaged", "StoreError", "StoreFull", "sync_lock"]
