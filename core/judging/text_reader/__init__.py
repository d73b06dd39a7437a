"""Words and pictures of DOCX and XLSX files, read in a process of their own; knows nothing of the platform."""
