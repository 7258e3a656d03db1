"""What was found, in the few sentences that a manager reads first."""

from rag_ft.evaluation.report.tables import systems_that_ran
from rag_ft.evaluation.results import Evaluation, SystemResult


def summary(evaluation: Evaluation) -> list[str]:
    """Say how many questions were asked, what each system did with them, and what could not run."""
    questions = evaluation.questions
    asked = (
        f"{len(questions.rows)} questions were asked: {questions.answerable} that the documents answer and "
        f"{questions.unanswerable} that they do not."
    )
    not_run = [system.name for system in evaluation.systems if system.status == "not run"]
    absent = [f"Not run here: {', '.join(not_run)}."] if not_run else []
    sentences = (_sentence(system) for system in systems_that_ran(evaluation))
    return [asked, *filter(None, sentences), *absent]


def _sentence(system: SystemResult) -> str:
    values = {name: estimate.value for name, estimate in system.measures.items()}
    if "coverage" not in values:
        found = values.get("Success@5")
        return (
            ""
            if found is None
            else f"{system.name}: a gold paragraph is among the first five for {found:.0%}."
        )
    pieces = [f"answers {values['coverage']:.0%} of all"]
    if "right" in values:
        pieces.append(f"{values['right']:.0%} of the answerable ones are answered right")
    if "risk" in values:
        pieces.append(f"{values['risk']:.0%} of the answers given are not right")
    if "misleading" in values:
        pieces.append(f"{values['misleading']:.0%} of all questions get an answer that misleads")
    if "hallucinated_institution" in values:
        invented = values["hallucinated_institution"]
        pieces.append(f"{f'{invented:.1%}' if invented else 'none'} of the answers invent an institution")
    if "abstention_recall" in values:
        pieces.append(f"{values['abstention_recall']:.0%} of the unanswerable questions are refused")
    return f"{system.name}: {'; '.join(pieces)}."
