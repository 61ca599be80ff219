"""The command line: parses arguments, calls one function of the library, renders its value."""
