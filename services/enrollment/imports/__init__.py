"""Imports: a workbook or CSV in, each row screened, the same file back with what is wrong at its cell."""
