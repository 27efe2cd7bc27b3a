"""Where the rows of a table are answered for: in this process, or by Dask, Ray or Spark."""
