"""Read and check case files and tables of people; write tables completely or not at all."""
