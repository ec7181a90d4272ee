"""What `snap` does here: a store folder, folders of installed snaps, their units and their hooks."""
