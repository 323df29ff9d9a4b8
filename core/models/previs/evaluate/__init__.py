"""How well the previs model obeys, by classical measures of its frames against the world's truth."""
