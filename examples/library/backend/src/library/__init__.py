"""A lending library: members borrow books, and letters tell them when to bring them back."""
