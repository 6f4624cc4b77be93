"""From scores to shortfalls and the reasons for them."""
