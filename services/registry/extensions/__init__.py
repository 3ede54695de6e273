"""Extensions: who put a deadline off, why, until when and for whom (C19, C36)."""
