"""Read and write networks of other programs: BIF, XMLBIF, XDSL, UAI and NET files, pgmpy models."""
