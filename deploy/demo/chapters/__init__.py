"""The chapters of a cycle, in the order of the notice: plan, people, learning."""
