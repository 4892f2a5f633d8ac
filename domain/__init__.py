"""What the engine means: BPMN processes and external tasks as pure decisions over recorded facts.

Nothing in this room reads a clock, draws a random number or touches the outside: time, ids and input enter with a command,
facts leave.
"""
