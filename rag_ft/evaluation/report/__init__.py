"""The report: one HTML file, Markdown and JSON, every figure of them from the JSON."""

from rag_ft.evaluation.report.writing import write_report

__all__ = ["write_report"]
