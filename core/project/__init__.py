"""A film's folder: its settings, shot list, panels, edit, and what is made of them (reel, contact sheet, requests)."""
