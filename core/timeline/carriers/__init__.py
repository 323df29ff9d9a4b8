"""How an edit goes to other programs and comes back: the files that carry it, and what each of them loses."""
