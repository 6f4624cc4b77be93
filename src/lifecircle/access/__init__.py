"""From walks to shares, scores, grades and levels."""
