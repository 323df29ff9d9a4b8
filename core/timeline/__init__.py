"""The edit: `edit.otio`, its takes, cuts, words and sounds. The only room that imports opentimelineio."""
