"""What the athlete says: sessions, time off, aims, results, efforts, an own plan, undo and forget."""
