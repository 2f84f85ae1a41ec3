"""One module per system: a vendor's format becomes the streams here."""
