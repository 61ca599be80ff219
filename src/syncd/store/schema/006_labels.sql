-- The length that the name of a session begins with is a value ("8 km easy": 8000 and "easy"), so
-- that it is told in the athlete's units. NULL: the title says it all.
ALTER TABLE sessions ADD COLUMN length_m REAL;

-- What the labels of a pushed workout are made of (a hash); NULL: from before it was kept.
ALTER TABLE ledger ADD COLUMN fingerprint TEXT;

-- then: syncd.store.upgrades.titles
