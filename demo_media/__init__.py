"""The demo's media, made from nothing that exists: composite faces, drawn scenes, a speech synthesiser.

``python -m demo_media`` writes the small files that lie in ``bot/demo/media`` and are shipped. It needs the folder
with the research material (``../shared``: face pictures to average, two models that find faces and landmarks) and
the program ``espeak-ng``. Nothing of this package is shipped or needed by a user.

The way of a clip::

    members --average--> composite --hair, ears--> head --pose by pose--> frames --swap--> frames --encode--> file
                                                          speech --loudness--^
"""

import os

# before numpy is imported: its matrices are small here, and one thread gives the same sums on every machine
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
