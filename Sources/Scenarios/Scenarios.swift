// The Scenarios room.
