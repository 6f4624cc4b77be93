"""What will be there at later moments, and how communities do then."""
