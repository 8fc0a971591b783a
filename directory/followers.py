"""What of the directory itself follows when places change."""

from directory import actions, merging

# Organisations are found by the names of their seat, too.
merging.register(after_change=actions.refresh_organisations_of)
