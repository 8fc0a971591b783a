"""What `scripts/build_places.py` is made of: readers of the packages, rules for names, hand-kept tables."""
