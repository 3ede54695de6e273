"""Classes and their training plans, from draft to finish (C15, C16, C29, C32)."""
