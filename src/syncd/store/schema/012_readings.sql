-- What was seen of our workouts on a sink, in which reading. `whole`: calendar and library were both
-- read for it. `seen`: the sessions, as JSON; `strangers`: the entries of others, as JSON, a row for each
-- (day, id), on the days from `first_day` to `last_day`.
CREATE TABLE readings (
    id INTEGER PRIMARY KEY,
    sink TEXT NOT NULL,
    at TEXT NOT NULL,
    whole INTEGER NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    seen TEXT NOT NULL,
    strangers TEXT NOT NULL
) STRICT;
CREATE INDEX readings_sink ON readings (sink, id);

-- Every version that was ever about to be sent: what carries our mark and another one was written elsewhere.
CREATE TABLE sent_versions (
    athlete TEXT NOT NULL,
    session TEXT NOT NULL,
    version TEXT NOT NULL,
    PRIMARY KEY (athlete, session, version)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO sent_versions SELECT athlete, session, version FROM pushed;
INSERT OR IGNORE INTO sent_versions SELECT athlete, session, version FROM ledger;
