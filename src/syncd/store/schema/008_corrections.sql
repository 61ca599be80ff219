-- What the athlete, or the service that holds the run, puts right on top of its recordings. `value` is JSON.
CREATE TABLE corrections (
    id INTEGER PRIMARY KEY,
    activity_id INTEGER NOT NULL REFERENCES activities (id),
    kind TEXT NOT NULL CHECK (kind IN ('ignore', 'sport', 'distance', 'trim', 'duration', 'start')),
    value TEXT NOT NULL,
    author TEXT NOT NULL,
    at TEXT NOT NULL,
    revoked_at TEXT
) STRICT;

CREATE INDEX corrections_activity ON corrections (activity_id);

-- A file may hold what only looks like a run: kept, and counted nowhere until the athlete says what it was.
CREATE TABLE arrivals_new (
    source TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('run', 'other', 'duplicate', 'unreadable', 'doubtful')),
    reason TEXT NOT NULL,
    raw_hash TEXT,
    activity_id INTEGER REFERENCES activities (id),
    at TEXT NOT NULL,
    PRIMARY KEY (source, remote_id, fingerprint)
) STRICT, WITHOUT ROWID;
-- What could not be read is looked at again by the better reader; so is what Garmin Connect calls a run.
INSERT INTO arrivals_new SELECT * FROM arrivals
    WHERE outcome != 'unreadable' AND NOT (outcome = 'other' AND source = 'garmin');
DROP TABLE arrivals;
ALTER TABLE arrivals_new RENAME TO arrivals;
