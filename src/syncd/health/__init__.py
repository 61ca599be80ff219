"""What `syncd doctor` checks: each check covers one thing and names the remedy."""
