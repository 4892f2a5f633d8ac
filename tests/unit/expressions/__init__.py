"""The expression language, against results and messages recorded from Camunda 7.24 (`bpmn_expressions.*`, `bpmn_mapping.*`)."""
