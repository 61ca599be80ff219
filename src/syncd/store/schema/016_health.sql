-- Answers to the health questions that were a yes, each from a day on; for a birth that is its date.
-- The usual week and longest run are those before a pregnancy, in metres; none for who did not run.
CREATE TABLE health_answers (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    concern TEXT NOT NULL,
    since TEXT NOT NULL,
    usual_week_m REAL,
    usual_long_m REAL,
    in_file INTEGER NOT NULL,  -- 1: read in the configuration
    change_id INTEGER REFERENCES changes(id),
    taken_back_at TEXT
) STRICT;
-- What was cleared, and from which day on: 'easy', 'everything', or 'over' for a pregnancy that ended.
CREATE TABLE health_clearances (
    id INTEGER PRIMARY KEY,
    answer_id INTEGER NOT NULL REFERENCES health_answers(id),
    at TEXT NOT NULL,
    from_day TEXT NOT NULL,
    cleared_for TEXT NOT NULL,
    in_file INTEGER NOT NULL,
    change_id INTEGER REFERENCES changes(id),
    taken_back_at TEXT
) STRICT;

-- What tells a page that was written from one that was damaged: see page_sums.py.
-- then: syncd.store.upgrades.seals
