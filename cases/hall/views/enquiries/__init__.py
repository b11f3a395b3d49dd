"""The pages of asking and complaining: whoever asks, the desk, and what everybody may read."""
