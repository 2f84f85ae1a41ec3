"""One module per destination: marts leave the house here, whole or not at all."""
