"""Thin views: ask permission, read, compose, render."""
