"""The parole process for Cuba, Haiti, Nicaragua and Venezuela: not built yet."""
