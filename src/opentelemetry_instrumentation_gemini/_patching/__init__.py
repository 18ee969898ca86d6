"""Where the plugin stands: which SDK methods are hooked, and how a call passes through."""
