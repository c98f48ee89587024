// The Exploration room.
