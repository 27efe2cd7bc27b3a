"""Networks from and to other programs: BIF, XMLBIF, XDSL, UAI and NET files, pgmpy models."""
