import inspect
import subprocess
import sys

import rag_ft.cli.app as cli_app
from rag_ft.cli.overview import GROUPS, overview


def test_the_overview_lists_every_command_with_its_own_help():
    commands = {
        info.name or info.callback.__name__: inspect.getdoc(info.callback).split("\n\n")[0].replace("\n", " ")
        for info in cli_app.app.registered_commands
    }
    listed = {name: text for _, group in GROUPS for name, text in group}
    assert listed == commands


def test_the_overview_is_what_help_prints_and_imports_no_command_library():
    code = (
        "import sys; sys.argv = ['ragft', '--help']; from rag_ft.cli import main; main();"
        "assert not {'typer', 'rich', 'pydantic'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == overview() + "\n"
