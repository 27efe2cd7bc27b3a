"""The models that are served: from the package and from a folder, read anew when files change."""
