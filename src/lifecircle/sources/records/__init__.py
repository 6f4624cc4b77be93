"""Tables beside the map: answers, projects, opinions, corrections, returned workbooks."""
