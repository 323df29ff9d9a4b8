"""Edits side by side: what differs between two, and what three come to when two went on from one.

Everything here works on the edit as OTIO's JSON, so that what nobody knows is carried along as it is.
"""
