-- The first schema. Instants are UTC text of fixed width (they sort), days are YYYY-MM-DD,
-- workouts are one-line notation, lists and maps that nobody queries are JSON.

CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE activities (
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
    raw_hash TEXT NOT NULL UNIQUE, -- one content is one run, however many files hold it
    added_at TEXT NOT NULL
) STRICT;
-- the planner and the report ask by day
CREATE INDEX activities_day ON activities (day);

-- What every source has shown us, so that a file is looked at once.
CREATE TABLE arrivals (
    source TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('run', 'other', 'duplicate', 'unreadable')),
    reason TEXT NOT NULL,
    raw_hash TEXT,
    activity_id INTEGER REFERENCES activities (id),
    at TEXT NOT NULL,
    PRIMARY KEY (source, remote_id, fingerprint)
) STRICT, WITHOUT ROWID;

CREATE TABLE zone_sets (
    id INTEGER PRIMARY KEY,
    vdot REAL NOT NULL,
    five_k_s REAL NOT NULL,
    as_of TEXT,
    source TEXT NOT NULL,
    added_at TEXT NOT NULL
) STRICT;

CREATE TABLE weeks (
    start TEXT PRIMARY KEY,
    phase TEXT NOT NULL,
    kind TEXT NOT NULL,
    notes TEXT NOT NULL,
    committed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    week TEXT NOT NULL REFERENCES weeks (start),
    day TEXT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    notation TEXT NOT NULL,
    name TEXT NOT NULL,
    distance_m REAL NOT NULL,
    duration_s REAL NOT NULL,
    rpe_low INTEGER NOT NULL,
    rpe_high INTEGER NOT NULL,
    hard INTEGER NOT NULL,
    purpose TEXT NOT NULL,
    family TEXT NOT NULL,
    level INTEGER NOT NULL,
    rules TEXT NOT NULL,
    resolved TEXT NOT NULL,      -- with the paces of `zone_set_id`: what the watch gets
    resolved_name TEXT NOT NULL,
    version TEXT NOT NULL,       -- content hash of `resolved`
    zone_set_id INTEGER REFERENCES zone_sets (id),
    state TEXT NOT NULL CHECK (state IN ('due', 'done', 'missed', 'dropped')),
    activity_id INTEGER UNIQUE REFERENCES activities (id) -- one run completes at most one session
) STRICT, WITHOUT ROWID;
-- what is due, every cycle
CREATE INDEX sessions_day ON sessions (day);

CREATE TABLE changes (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    rule TEXT NOT NULL,
    session_id TEXT,
    reason TEXT NOT NULL,
    evidence TEXT NOT NULL,
    before TEXT, -- the whole session as JSON: undo needs more than its notation
    after TEXT,
    undone_at TEXT
) STRICT;
-- `why`
CREATE INDEX changes_session ON changes (session_id);

CREATE TABLE scores (
    id INTEGER PRIMARY KEY,
    activity_id INTEGER NOT NULL REFERENCES activities (id),
    session_id TEXT,
    algorithm TEXT NOT NULL,
    origin TEXT NOT NULL,
    prescription TEXT,
    score INTEGER,
    band TEXT,
    confidence REAL NOT NULL,
    method TEXT NOT NULL,
    payload TEXT NOT NULL,
    words TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;
-- the newest of a run, and runs without one
CREATE INDEX scores_activity ON scores (activity_id);
CREATE INDEX scores_session ON scores (session_id);

-- One row for each session on each sink: what we put there, or are about to.
CREATE TABLE ledger (
    sink TEXT NOT NULL,
    athlete TEXT NOT NULL,
    session TEXT NOT NULL,
    version TEXT NOT NULL,
    day TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('intended', 'done', 'removing', 'released', 'rejected')),
    remote_id TEXT,
    missing_since TEXT,
    changed_at TEXT NOT NULL,
    PRIMARY KEY (sink, athlete, session)
) STRICT, WITHOUT ROWID;

-- Every version that ever was on a sink: a score pins what was on the watch at the start.
CREATE TABLE pushed (
    id INTEGER PRIMARY KEY,
    sink TEXT NOT NULL,
    athlete TEXT NOT NULL,
    session TEXT NOT NULL,
    version TEXT NOT NULL,
    name TEXT NOT NULL,
    notation TEXT NOT NULL,
    put_at TEXT NOT NULL,
    left_at TEXT
) STRICT;
CREATE INDEX pushed_session ON pushed (session);
-- the workout embedded in a recording
CREATE INDEX pushed_version ON pushed (version);

CREATE TABLE cycles (
    id INTEGER PRIMARY KEY,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    outcome TEXT,
    counts TEXT NOT NULL
) STRICT;
