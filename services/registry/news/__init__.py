"""News of cycles and classes, from draft to publication and, if need be, withdrawal (C24)."""
