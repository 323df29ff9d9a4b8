"""Clips that are already cut: extended, bridged, looped, rerolled, restyled. What is asked of a model, and what is
written of its answer; the making in between is the engine's.
"""
