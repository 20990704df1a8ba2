"""Reads of the board: frozen rows for the frame, the desk, the lists and the pulse."""
