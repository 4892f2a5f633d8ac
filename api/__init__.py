"""The doors: settings, the engine shell, REST and the command line. This room does the input and output of the house."""
