"""What the athlete decides: sessions, time off, aims, results, efforts, an own plan, undo and forget."""
