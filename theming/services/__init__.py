"""Looks are prepared, published and brought back here, and nowhere else."""

from theming.services.publishing import publish

__all__ = ["publish"]
