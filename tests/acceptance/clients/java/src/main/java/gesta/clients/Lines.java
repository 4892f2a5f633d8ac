package gesta.clients;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import org.camunda.bpm.client.exception.RestException;
import org.camunda.bpm.client.task.ExternalTask;
import org.camunda.bpm.engine.variable.VariableMap;
import org.camunda.bpm.engine.variable.value.FileValue;
import org.camunda.bpm.engine.variable.value.ObjectValue;

/** What the worker saw, as lines of JSON on the standard output. */
final class Lines {

  private static final ObjectMapper JSON = new ObjectMapper();

  private Lines() {}

  static void write(String saw, Object... namesAndValues) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("saw", saw);
    for (int index = 0; index < namesAndValues.length; index += 2) {
      line.put((String) namesAndValues[index], namesAndValues[index + 1]);
    }
    try {
      System.out.println(JSON.writeValueAsString(line));
    } catch (JsonProcessingException error) {
      throw new IllegalStateException(error);
    }
  }

  static void task(ExternalTask task) {
    write(
        "task",
        "id", task.getId(),
        "activity", task.getActivityId(),
        "businessKey", task.getBusinessKey(),
        "priority", task.getPriority(),
        "properties", task.getExtensionProperties(),
        "variables", task.getAllVariables());
  }

  static void variables(VariableMap variables) {
    variables.keySet().stream().sorted().forEach(name -> {
      var typed = variables.getValueTyped(name);
      var value = typed.getValue();
      var kind = value == null ? null : value.getClass().getName();
      write("variable", "name", name, "type", typed.getType().getName(), "class", kind, "value", shown(value));
    });
  }

  /** The text that an object was sent as. */
  static void sent(String name, ObjectValue object) {
    write("sent", "name", name, "text", object.getValueSerialized());
  }

  private static Object shown(Object value) {
    if (value instanceof Date date) {
      return date.toInstant().toString();
    }
    return value instanceof byte[] bytes ? Base64.getEncoder().encodeToString(bytes) : value;
  }

  static void file(String name, FileValue file) {
    try (var content = file.getValue()) {
      var encoded = Base64.getEncoder().encodeToString(content.readAllBytes());
      write(
          "file",
          "name", name,
          "filename", file.getFilename(),
          "mimeType", file.getMimeType(),
          "encoding", file.getEncoding(),
          "content", encoded);
    } catch (IOException error) {
      throw new IllegalStateException(error);
    }
  }

  /** Do what the server must refuse, and write how the client tells it. */
  static void refusal(Runnable call) {
    try {
      call.run();
    } catch (RestException refused) {
      write(
          "refusal",
          "error", refused.getClass().getSimpleName(),
          "status", refused.getHttpStatusCode(),
          "type", refused.getType(),
          "code", refused.getCode(),
          "message", refused.getCause().getMessage());
      return;
    }
    write("acceptance");
  }
}
