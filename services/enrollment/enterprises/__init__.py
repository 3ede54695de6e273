"""Enterprises by unified social credit code: industry, size class and tier as three separate facts."""
