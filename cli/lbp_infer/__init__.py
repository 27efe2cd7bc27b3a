"""The command line `lbp-infer`."""
