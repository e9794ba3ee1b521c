"""The ground floor's pages: signing in and one's own account, accounts and grants, hand-overs."""
