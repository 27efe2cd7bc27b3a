"""The numbers of a model fitted to cases whose causes were confirmed, as far as they were."""
