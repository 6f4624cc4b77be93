"""What OpenStreetMap says: files and downloads to the tables of a survey."""
