"""The world that the previs model learns: scenes as data, drawn as moving pictures, worded as scripts word them."""
