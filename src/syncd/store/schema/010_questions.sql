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
