"""Opening a new hall: the questions, the plan that they make, the counts beside them, the sheet of departments and windows."""
