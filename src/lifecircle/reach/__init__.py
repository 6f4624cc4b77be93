"""Who walks how long to what, and the areas that can be drawn from it."""
