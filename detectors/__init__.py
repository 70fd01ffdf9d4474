"""One file per signal, usable as a library on a file; knows nothing of the watcher or the store."""
