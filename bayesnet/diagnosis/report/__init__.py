"""What a diagnosis says: its records, and the parts that explain them."""
