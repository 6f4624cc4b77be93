"""From a survey to the waist: homes, facilities, communities and land."""
