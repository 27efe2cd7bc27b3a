"""What serves over a wire: requests answered as plain data, and the transports that carry them."""
