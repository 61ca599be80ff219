-- What a change rests on, as JSON: a list of facts by id and version. NULL: made before this was kept.
ALTER TABLE changes ADD COLUMN rests_on TEXT;
-- It no longer holds, because what it rested on is gone; not the same as undone by the athlete.
ALTER TABLE changes ADD COLUMN withdrawn_at TEXT;
ALTER TABLE changes ADD COLUMN withdrawn_why TEXT;
-- As of which day a week was planned, and a hash of what was known of the days before it. NULL: not kept then.
ALTER TABLE weeks ADD COLUMN as_of TEXT;
ALTER TABLE weeks ADD COLUMN basis TEXT;
-- then: syncd.store.upgrades.open_returns
