"""lifecircle: who can walk to care, culture and sport, who cannot, and which land would help."""
