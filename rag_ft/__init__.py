"""ragft: cited answers from the documents of the Monetary Authority of Singapore."""
