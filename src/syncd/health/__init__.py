"""Is everything well? Each check looks at one thing and names the remedy."""
