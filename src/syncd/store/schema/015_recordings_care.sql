-- Payloads of recordings that are lost or damaged, since when, and when they were last asked for again.
-- One that is whole again has no row.
CREATE TABLE lost_payloads (
    raw_hash TEXT PRIMARY KEY,
    damaged INTEGER NOT NULL,  -- 1: it lies there and is another one; 0: it is gone
    since TEXT NOT NULL,
    asked_at TEXT
) STRICT, WITHOUT ROWID;

-- What tells a page that was written from one that was damaged: see page_sums.py.
-- then: syncd.store.upgrades.seals
