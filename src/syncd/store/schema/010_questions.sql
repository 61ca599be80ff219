-- What only the athlete can know. `key` names the question with its subject: the same is never asked twice.
-- `answered_by`: athlete, default (nobody answered in time) or moot (it does not matter any more).
CREATE TABLE questions (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    facts TEXT NOT NULL,
    activity_id INTEGER REFERENCES activities (id),
    session_id TEXT,
    default_answer TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    answer TEXT,
    answered_at TEXT,
    answered_by TEXT
) STRICT;

-- That a run was a race is a word of the athlete's too: the table anew, with one more kind.
CREATE TABLE words_new (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (
        kind IN ('move', 'skip', 'pin', 'pause', 'ill', 'hurt', 'goal', 'phase', 'rpe', 'easier', 'race')
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
