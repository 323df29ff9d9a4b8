"""The built-in previs model: the world it learned from, the network, its training and its weights."""
