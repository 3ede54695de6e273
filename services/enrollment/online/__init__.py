"""Online hours: what trainees learnt on learning platforms, imported as JSON or as xAPI statements (C23)."""
