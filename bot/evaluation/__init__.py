"""How well the forgery finding does on labelled files: found, examined as the watch does, measured, shown.

One file a step: :mod:`material` finds the files, :mod:`examining` asks the product of each, :mod:`measuring` makes
figures of it, :mod:`drawing` lays out the pictures, :mod:`report` writes the page and :mod:`results` the JSON.
"""
