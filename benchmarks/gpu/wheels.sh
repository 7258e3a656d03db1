#!/usr/bin/env bash
# Fetch what ragft's training side imports beyond torch, transformers, peft and accelerate, for a
# machine without a network: benchmarks/gpu/wheels.sh FOLDER [PYTHON_VERSION]
set -euo pipefail
folder=${1:?a folder for the wheels}
python -m pip download --quiet --no-deps --only-binary=:all: --python-version "${2:-3.12}" --dest "$folder" \
  pydantic pydantic-core annotated-types typing-inspection typing-extensions pyyaml \
  tensorboard tensorboard-data-server absl-py grpcio markdown protobuf werkzeug markupsafe
