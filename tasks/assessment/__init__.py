"""Assessment (考核): rules, what they are given, the periods and what is frozen of them, pages and their words."""
