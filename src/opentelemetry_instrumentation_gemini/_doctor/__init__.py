"""The doctor: looks at how this process would be traced, and says what is wrong and the remedy."""
