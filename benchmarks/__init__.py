"""What kefu costs beside its peers, measured on the spot; not part of the package."""
