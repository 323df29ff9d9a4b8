"""How the previs model learns: clips drawn ahead, batches, a reader taught first, then the network in legs."""
