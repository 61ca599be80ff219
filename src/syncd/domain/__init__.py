"""The pure core: values and functions of values. No I/O, no clock, standard library only."""
