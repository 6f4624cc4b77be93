"""What planners keep beside the map: earlier projects, ledgers, corrections, entries."""
