-- Recordings whose reading has begun and is not settled, and those that are set aside because reading them
-- failed again and again. `version` is the syncd that tried; a newer one begins to count anew. `began` is 1
-- from before the bytes are looked at until it is known how that ended: a 1 that is found there says that
-- the whole process ended meanwhile.
CREATE TABLE quarantine (
    source TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    began INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    cause TEXT NOT NULL,
    detail TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (source, remote_id, fingerprint)
) STRICT, WITHOUT ROWID;
