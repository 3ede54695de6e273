"""What all services share: the contracts between them (`events/`) and the plumbing below them."""
