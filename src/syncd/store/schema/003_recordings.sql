-- Every recording of a run: one run may have been recorded twice, or come from two services.
-- The values are those that tell which recordings are one run, and what each of them has; they
-- outlive a payload that may not be kept. `gone` says why it does not count, NULL when it does.
CREATE TABLE recordings (
    source TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    raw_hash TEXT NOT NULL,
    activity_id INTEGER NOT NULL REFERENCES activities (id),
    kind TEXT NOT NULL,          -- of the payload; empty: from before this table, and not yet read again
    family TEXT NOT NULL,
    start_at TEXT NOT NULL,
    day TEXT NOT NULL,
    elapsed_s REAL NOT NULL,
    timer_s REAL NOT NULL,
    distance_m REAL,
    evidence INTEGER NOT NULL,   -- 0 the device's file, 1 samples, 2 totals
    hidden_start INTEGER NOT NULL,
    indoors INTEGER NOT NULL,
    has_workout INTEGER NOT NULL,
    sensors TEXT NOT NULL,
    laps INTEGER NOT NULL,
    rpe REAL,
    feel INTEGER,
    name TEXT NOT NULL,
    device TEXT NOT NULL,
    gone TEXT,
    PRIMARY KEY (source, remote_id, raw_hash)
) STRICT, WITHOUT ROWID;
-- what was recorded around a day, for each recording that arrives
CREATE INDEX recordings_day ON recordings (day);
-- the recordings of a run, whenever it is scored
CREATE INDEX recordings_activity ON recordings (activity_id);

INSERT OR IGNORE INTO recordings
SELECT arrivals.source, arrivals.remote_id, arrivals.raw_hash, activities.id, '', activities.sport,
       activities.start_at, activities.day, activities.elapsed_s, activities.timer_s, activities.distance_m,
       0, 0, activities.sub_sport IN ('treadmill', 'indoor_running'), activities.has_workout, '[]', 0,
       activities.rpe, NULL, activities.name, '', activities.withdrawn
FROM arrivals JOIN activities ON activities.id = arrivals.activity_id
WHERE arrivals.raw_hash IS NOT NULL;
