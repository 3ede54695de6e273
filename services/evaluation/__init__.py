"""Evaluation: how good the training was."""
