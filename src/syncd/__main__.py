"""`python -m syncd` is the same as `syncd`."""

from syncd.cli.main import run

if __name__ == "__main__":
    run()
