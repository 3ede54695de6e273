"""Attachments: files that are evidence of something, kept with their hash."""
