-- How well runs fit sessions, so that nothing is decoded again. `runs` names the recordings of a run, or of
-- several that are joined, with what was put right on them; `session` a session with its content and all
-- versions that were pushed. `activity_id` is the (first) run, `day` its day.
CREATE TABLE fits (
    runs TEXT NOT NULL,
    session TEXT NOT NULL,
    activity_id INTEGER NOT NULL REFERENCES activities (id),
    day TEXT NOT NULL,
    fit TEXT NOT NULL,
    PRIMARY KEY (runs, session)
) STRICT, WITHOUT ROWID;
CREATE INDEX fits_by_activity ON fits (activity_id);
