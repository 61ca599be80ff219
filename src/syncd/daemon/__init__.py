"""The background service: decides when, and starts a `syncd sync` when a sync is due."""
