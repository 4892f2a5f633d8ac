"""The oracle: plays scenarios on a Camunda-7-compatible server, records every answer, and compares answer by answer.

A scenario is a module-level function `scenario_NAME(api)` that talks only through `api`, so that each call is recorded with its
status, content type and body. Ids, dates and the run's own names are replaced by placeholders in order of appearance, so two
servers that behave alike leave equal traces. In request bodies, paths and model files `__RUN__` becomes a token unique to the
run: used in process keys and topics, it keeps runs from ever colliding.
"""
