"""How the models were made: data in, ONNX and card out, one command a model.

`python -m training faces|identity|forgery|voice`. torch is needed here and nowhere else
(`pip install 'doppelwatch[training]'`); the shipped house runs on ONNX Runtime alone.
"""

import os

# see detectors/__init__.py: ONNX Runtime would report which models are loaded
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
# loaders are processes of their own: threads for their small products would only wake each other
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
