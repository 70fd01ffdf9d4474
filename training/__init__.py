"""How the models were made: data in, ONNX and card out, one command a model.

`python -m training faces` and `python -m training forgery`. torch is needed here and nowhere else
(`pip install 'doppelwatch[training]'`); the shipped house runs on ONNX Runtime alone.
"""
