"""Clips carried on beyond their ends: their motion, their detail, their grain, and how well the seam holds."""
