"""The model files of a watch: which are in use, putting another one in place, fitting it to clips of one's own."""
