"""How a pipeline is run: fitted into the memory there is, watched while it works, its frames decoded in pieces."""
