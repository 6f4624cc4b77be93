"""Lists of facilities: what each row is and where it stands."""
