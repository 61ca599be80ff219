-- Which entries of a service are marked there as a race, in which `place` it says so (its list, its page of
-- the run, an export). A mark that was taken off stays as 0.
CREATE TABLE race_marks (
    source TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    place TEXT NOT NULL,
    raced INTEGER NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (source, remote_id, place)
) STRICT, WITHOUT ROWID;
