"""What can be asked of classes: draft, plan, review, run."""
