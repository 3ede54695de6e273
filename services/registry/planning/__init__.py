"""What is meant to be: plans of departments (C28), seats, what training plans cover (C11, C12, C41)."""
