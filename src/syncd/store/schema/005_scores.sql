-- A score is a value: columns for what is asked, `card` and `strain` for the rest (score_text.py is
-- the only reader). What earlier versions kept as sentences is told as it is, and read by no rule.
-- then: syncd.store.upgrades.scores

-- `why` is a reason as JSON; `card` NULL: nothing was compared; `strain` NULL: nobody looked.
CREATE TABLE scores_new (
    id INTEGER PRIMARY KEY,
    activity_id INTEGER NOT NULL REFERENCES activities (id),
    session_id TEXT,
    method TEXT NOT NULL,
    attribution_confidence REAL NOT NULL,
    why TEXT NOT NULL,
    part_of INTEGER REFERENCES activities (id),
    origin TEXT NOT NULL,
    prescription TEXT,
    algorithm TEXT NOT NULL,
    score INTEGER,
    band TEXT,
    confidence REAL NOT NULL,
    card TEXT,
    strain TEXT,
    problems TEXT NOT NULL,
    traits TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;

-- A file may hold several runs: `part` numbers them from 0.
CREATE TABLE activities_new (
    id INTEGER PRIMARY KEY,
    start_at TEXT NOT NULL,
    utc_offset_s INTEGER,
    day TEXT NOT NULL,
    sport TEXT NOT NULL,
    sub_sport TEXT NOT NULL,
    manufacturer TEXT NOT NULL,
    product TEXT NOT NULL,
    device_serial INTEGER,
    timer_s REAL NOT NULL,
    elapsed_s REAL NOT NULL,
    distance_m REAL,
    avg_hr_bpm INTEGER,
    rpe REAL,
    name TEXT NOT NULL,
    has_workout INTEGER NOT NULL,
    source TEXT NOT NULL,
    raw_hash TEXT NOT NULL,
    part INTEGER NOT NULL,
    added_at TEXT NOT NULL,
    withdrawn TEXT,
    UNIQUE (raw_hash, part) -- one content is one run a part, however many files hold it
) STRICT;
INSERT INTO activities_new
SELECT id, start_at, utc_offset_s, day, sport, sub_sport, manufacturer, product, device_serial, timer_s, elapsed_s,
       distance_m, avg_hr_bpm, rpe, name, has_workout, source, raw_hash, 0, added_at, withdrawn
FROM activities;
DROP TABLE activities;
ALTER TABLE activities_new RENAME TO activities;
CREATE INDEX activities_day ON activities (day);

CREATE TABLE recordings_new (
    source TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    raw_hash TEXT NOT NULL,
    part INTEGER NOT NULL,
    activity_id INTEGER NOT NULL REFERENCES activities (id),
    kind TEXT NOT NULL,
    family TEXT NOT NULL,
    start_at TEXT NOT NULL,
    day TEXT NOT NULL,
    elapsed_s REAL NOT NULL,
    timer_s REAL NOT NULL,
    distance_m REAL,
    evidence INTEGER NOT NULL,
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
    PRIMARY KEY (source, remote_id, raw_hash, part)
) STRICT, WITHOUT ROWID;
INSERT INTO recordings_new
SELECT source, remote_id, raw_hash, 0, activity_id, kind, family, start_at, day, elapsed_s, timer_s, distance_m,
       evidence, hidden_start, indoors, has_workout, sensors, laps, rpe, feel, name, device, gone
FROM recordings;
DROP TABLE recordings;
ALTER TABLE recordings_new RENAME TO recordings;
CREATE INDEX recordings_day ON recordings (day);
CREATE INDEX recordings_activity ON recordings (activity_id);
