"""Tables on Dask, Ray and Spark: the bits of one process, and what each engine costs beside it."""
