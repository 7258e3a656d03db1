"""The errors of ragft: what was wrong, with the value, and what to do next.

Only the command line turns them into exit codes: 2 where the call was wrong
(`UsageError`), 1 where the work failed.
"""


class RagFtError(Exception):
    """Any error that ragft raises on purpose; its text is one line for the user."""

    exit_code = 1


class UsageError(RagFtError):
    """The call itself was wrong: a path, a question, an option."""

    exit_code = 2


class PathNotFoundError(UsageError):
    """A path that was named does not exist."""


class NothingToIndexError(UsageError):
    """The paths hold no document that can be read."""


class QuestionError(UsageError):
    """The question is empty, or longer than any reader can take."""


class ConfigError(UsageError):
    """A configuration file is wrong; every fault is listed, each with its key."""


class DataFormatError(UsageError):
    """A data file (questions, examples) has a row that cannot be read."""


class DocumentError(RagFtError):
    """One document cannot be read; the others still can."""


class StoreError(RagFtError):
    """An index cannot be used or written."""


class IndexNotFoundError(StoreError):
    """There is no index where one was expected."""

    exit_code = 2


class IndexCorruptError(StoreError):
    """A file of the index is not what its manifest says."""


class IndexBusyError(StoreError):
    """Another build is writing this index."""


class EncoderMismatchError(StoreError):
    """The index was made by another encoder than the one at hand."""


class ModelUnavailableError(RagFtError):
    """A model (encoder, reader, reranker) cannot be loaded."""


class ExamplesRefusedError(RagFtError):
    """A training set fails the quality gate; `--force` trains on it all the same."""


class TrainingError(RagFtError):
    """A training run cannot go on."""


class FetchError(RagFtError):
    """A document cannot be downloaded."""
