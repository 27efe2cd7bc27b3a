"""What several files of tests share: oracles, example networks and models, ways to run things."""
