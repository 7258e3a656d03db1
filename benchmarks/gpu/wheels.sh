#!/usr/bin/env bash
# Fetch what ragft's training imports beyond torch, transformers, peft, accelerate and tensorboard, for a
# machine without a network: benchmarks/gpu/wheels.sh FOLDER [PYTHON_VERSION]
set -euo pipefail
folder=${1:?a folder for the wheels}
here=$(cd "$(dirname "$0")/../.." && pwd)
python -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
  --python-version "${2:-3.12}" -c "$here/constraints.txt" --dest "$folder" \
  pydantic pydantic-core annotated-types typing-inspection
