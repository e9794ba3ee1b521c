"""The audit trail (审计) around bureau/audit.py: guards in the database, verification, anchors, acts, and its pages."""
