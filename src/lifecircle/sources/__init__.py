"""From files, OSM and tables to a Survey: what they say, before any judgement."""
