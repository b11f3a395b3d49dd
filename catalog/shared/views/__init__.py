"""The pages on which a catalogue is edited: the city's, and by the same code a hall's own items."""
