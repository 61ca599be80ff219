-- Heat on some days is a word of the athlete's too: the table anew, with one more kind.
-- `detail` of it: temperature_c and dew_point_c, in degrees Celsius; {} where the heat is over.
CREATE TABLE words_new (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (
        kind IN (
            'move', 'skip', 'pin', 'pause', 'ill', 'hurt', 'goal', 'phase', 'rpe', 'easier', 'race', 'heat'
        )
    ),
    session_id TEXT,
    activity_id INTEGER REFERENCES activities (id),
    first_day TEXT NOT NULL,
    last_day TEXT,
    detail TEXT NOT NULL,
    change_id INTEGER REFERENCES changes (id),
    taken_back_at TEXT
) STRICT;
INSERT INTO words_new
SELECT id, at, kind, session_id, activity_id, first_day, last_day, detail, change_id, taken_back_at FROM words;
DROP TABLE words;
ALTER TABLE words_new RENAME TO words;
CREATE INDEX words_session ON words (session_id);
-- then: syncd.store.upgrades.seals
