"""The validation's report: its document, page, pictures and goals."""
