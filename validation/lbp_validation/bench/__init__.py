"""`make bench`: times beside the peers', once all answers are found to agree."""
