"""The floor page beside what a team would otherwise pick, and under a crowd; `make bench-floor`."""
