"""The proof of a document (核数表) and its checking again: here only the figures themselves."""
