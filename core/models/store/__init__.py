"""Models that others made: which can be got, getting them, and whether what lies here is whole. No torch here."""
