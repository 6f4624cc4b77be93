"""Land and rooms: surveys, plans, ledgers, rights and exclusions."""
