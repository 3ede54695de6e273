"""Teaching bases: leading enterprises at which trainees learn in practice (C27)."""
