"""Each step once, in the order of ``down_revision``; a step that was released is never edited."""
