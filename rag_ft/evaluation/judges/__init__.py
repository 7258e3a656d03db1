"""Judges that share no code with what they judge; import-linter holds it.

Their lists are written by hand, apart from `rag_ft.institutions`, so that a hole in the
tool's own verifier is no hole here too.
"""
