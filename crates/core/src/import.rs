//! Any pasted or uploaded text becomes rows: a message, or a reason with line and column.
