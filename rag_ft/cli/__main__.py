"""`python -m rag_ft.cli`, the same as `ragft`."""

from rag_ft.cli import main

main()
