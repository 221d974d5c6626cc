"""Every function of kefu.quality that takes rows, beside what else computes the same."""
