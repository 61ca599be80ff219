-- Nothing changes here yet: the number is kept for scores as values.
SELECT 1;
