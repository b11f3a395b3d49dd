"""Fees: the notice, paying, receipts, refunds. One function a verb; the case is locked before its payments."""
