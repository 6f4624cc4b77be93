"""Sheets for print: an atlas, a sheet per unit, a card per community."""
