"""Facts as attributes that only one backend reads."""
