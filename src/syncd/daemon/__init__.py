"""The background service: decides when, and starts a `syncd sync` for each look."""
