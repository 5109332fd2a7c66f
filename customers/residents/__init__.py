"""Who lives where and parks in which bay, from when until when."""
