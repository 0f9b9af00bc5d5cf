// Compiled once so that its precompiled header can be reused.
