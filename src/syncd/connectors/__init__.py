"""One module or folder per service, behind the two protocols of `base`."""
