-- The level of each ladder and why it is there. `begun` is the level before the first of `steps`: a JSON list of
-- what moved it, [session or return, day, level after it, how it went], oldest first. `rule` is empty where nothing was
-- decided; `sessions` are those that the last decision rests on.
CREATE TABLE ladder_levels (
    family TEXT PRIMARY KEY,
    begun INTEGER NOT NULL,
    steps TEXT NOT NULL,
    level INTEGER NOT NULL,
    rule TEXT NOT NULL,
    reason TEXT NOT NULL,
    sessions TEXT NOT NULL
) STRICT;
-- then: syncd.store.upgrades.seals
