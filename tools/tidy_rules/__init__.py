"""The house linter's rules, one module per subject; tools/tidy.py runs them."""
