-- What a change rests on, as JSON: a list of facts by id and version. NULL: made before this was kept.
ALTER TABLE changes ADD COLUMN rests_on TEXT;
-- It no longer holds, because what it rested on is gone; not the same as undone by the athlete.
ALTER TABLE changes ADD COLUMN withdrawn_at TEXT;
ALTER TABLE changes ADD COLUMN withdrawn_why TEXT;
