"""A daemon that scores your runs, adapts your plan and keeps the next workouts on your watch."""
