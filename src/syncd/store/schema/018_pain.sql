-- Pain in a run, as the athlete entered it: the worst of it, 0 to 10. `signs`: a JSON list of what counts more.
-- A later entry for the same run takes the place of the earlier one, which is kept as taken back.
CREATE TABLE pains (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    activity_id INTEGER NOT NULL REFERENCES activities (id),
    day TEXT NOT NULL,
    worst INTEGER NOT NULL CHECK (worst BETWEEN 0 AND 10),
    place TEXT NOT NULL,
    signs TEXT NOT NULL,
    taken_back_at TEXT
) STRICT;
CREATE INDEX pains_activity ON pains (activity_id);
-- then: syncd.store.upgrades.seals
