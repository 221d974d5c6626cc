"""The peers' pages, each as its documentation writes one; run in their own environment."""
