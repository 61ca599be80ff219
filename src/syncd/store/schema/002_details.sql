-- Runs that their source has no longer, or calls something else: kept, and counted no more.
-- `withdrawn` says why, for people; NULL for a run that counts.
ALTER TABLE activities ADD COLUMN withdrawn TEXT;

-- What a service says of a run beside its recording; it may change long after the run.
CREATE TABLE details (
    source TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    activity_id INTEGER NOT NULL REFERENCES activities (id),
    version TEXT NOT NULL,       -- changes when the service's copy does; empty: never seen
    raw_hash TEXT,
    looked_at TEXT NOT NULL,
    temperature_c REAL,
    dew_point_c REAL,
    weather_at TEXT,             -- when the weather was asked for
    PRIMARY KEY (source, remote_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX details_activity ON details (activity_id);
