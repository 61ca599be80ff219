-- What a change answered to (`key`: the rule and its evidence; the same never comes back, undone or
-- not), and what it asks of the weeks ahead (`condition`, JSON; NULL for a change of one session).
ALTER TABLE changes ADD COLUMN key TEXT NOT NULL DEFAULT '';
ALTER TABLE changes ADD COLUMN condition TEXT;
CREATE INDEX changes_key ON changes (key);

-- What the athlete said of a plan, by command or on the watch's calendar: it outranks every rule.
-- `last_day` NULL: open, or a single day. `detail` is JSON. `taken_back_at`: said no longer.
CREATE TABLE words (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (
        kind IN ('move', 'skip', 'pin', 'pause', 'ill', 'hurt', 'goal', 'phase', 'rpe', 'easier')
    ),
    session_id TEXT,
    activity_id INTEGER REFERENCES activities (id),
    first_day TEXT NOT NULL,
    last_day TEXT,
    detail TEXT NOT NULL,
    change_id INTEGER REFERENCES changes (id),
    taken_back_at TEXT
) STRICT;
CREATE INDEX words_session ON words (session_id);

-- Tests and races, recorded here or run elsewhere and told: what the paces come from. `valid` says
-- whether it counts, `why` in words.
CREATE TABLE results (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    day TEXT NOT NULL,
    distance_m REAL NOT NULL,
    time_s REAL NOT NULL,
    origin TEXT NOT NULL CHECK (origin IN ('test', 'race')),
    activity_id INTEGER UNIQUE REFERENCES activities (id),
    session_id TEXT,
    valid INTEGER NOT NULL,
    why TEXT NOT NULL,
    taken_back_at TEXT
) STRICT;
