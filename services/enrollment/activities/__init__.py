"""Activities of trainees and graduates beside their classes (C21-C23, C42, C43)."""
