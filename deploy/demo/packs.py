"""The policy packs that ship with the platform, as the texts that the bureau posts."""

from pathlib import Path

_FOLDER = Path(__file__).parents[2] / "services" / "registry" / "packs"


def shipped_packs() -> dict[str, str]:
    """Read the shipped packs by the label of their cycle."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(_FOLDER.glob("*.yaml"))}
