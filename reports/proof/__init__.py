"""The proof of a document (核数表): every figure's key, what it rests on, and whether it still stands."""

from reports.proof.ledger import Ledger

__all__ = ["Ledger"]
