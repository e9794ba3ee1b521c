"""The proof of a document (核数表): every figure's key, what it rests on, and whether it still stands (重新核对)."""

from reports.proof.ledger import Ledger
from reports.proof.recheck import Moved, recheck
from reports.proof.rows import ProofRow, rows

__all__ = ["Ledger", "Moved", "ProofRow", "recheck", "rows"]
