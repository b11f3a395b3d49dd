"""By what the portal and a hall recognise somebody without an account who registers later. Keyed, so that nobody can guess it."""

from accounts.encryption import blind_index


def claim_index(id_number: str, phone: str) -> str:
    """Return the index of ID number and phone together, the same in every hall; empty unless both are there."""
    return blind_index(f"claim:{id_number}:{phone}") if id_number and phone else ""
