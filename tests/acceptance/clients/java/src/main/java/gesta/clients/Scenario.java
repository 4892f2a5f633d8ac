package gesta.clients;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.client.task.ExternalTask;
import org.camunda.bpm.client.task.ExternalTaskService;
import org.camunda.bpm.client.topic.TopicSubscriptionBuilder;
import org.camunda.bpm.client.variable.ClientValues;
import org.camunda.bpm.engine.variable.VariableMap;
import org.camunda.bpm.engine.variable.Variables;
import org.camunda.bpm.engine.variable.value.FileValue;

/** What the worker does with a task. */
enum Scenario {
  WAITS {
    @Override
    TopicSubscriptionBuilder choose(TopicSubscriptionBuilder topic, String name) {
      return topic
          .processDefinitionKey(name)
          .processVariableEquals("ready", true)
          .variables("amount")
          .includeExtensionProperties(true);
    }

    @Override
    boolean work(ExternalTask task, ExternalTaskService service) {
      Lines.task(task);
      service.complete(task);
      return true;
    }
  },

  VARIABLES {
    @Override
    boolean work(ExternalTask task, ExternalTaskService service) {
      var seen = task.getAllVariablesTyped();
      Lines.variables(seen);
      service.setVariables(task, Map.of("progress", 50));
      var answer = Variables.createVariables();
      seen.keySet().forEach(name -> answer.putValueTyped(name + "Back", seen.getValueTyped(name)));
      putMade(answer);
      service.complete(task, answer, Map.of("here", "known to the task alone"));
      List.of("anOrderInXmlBack", "madeOrderInXml").forEach(name -> Lines.sent(name, answer.getValueTyped(name)));
      return true;
    }

    /** Values whose types the client finds by itself, and such as only their types tell. */
    private void putMade(VariableMap answer) {
      var order = new Order();
      order.customer = "Ada";
      order.pieces = 3;
      order.notes = List.of("fragile", "ünïcödé \"quoted\"");
      answer.putValue("madeText", "text");
      answer.putValue("madeNull", null);
      answer.putValue("madeInteger", Integer.MIN_VALUE);
      answer.putValue("madeLong", Long.MIN_VALUE);
      answer.putValue("madeShort", Short.MIN_VALUE);
      answer.putValue("madeDouble", 1e300);
      answer.putValue("madeBoolean", false);
      answer.putValue("madeDate", new Date(0));
      answer.putValue("madeBytes", new byte[] {0, -1, 127});
      answer.putValue("madeMap", new LinkedHashMap<>(Map.of("a", 1)));
      answer.putValue("madeList", new ArrayList<>(List.of("a", "b")));
      answer.putValue("madeOrder", order);
      answer.putValueTyped("madeJson", ClientValues.jsonValue("{\"a\" : [1, 2]}"));
      answer.putValueTyped("madeXml", ClientValues.xmlValue("<a b='c'/>"));
      answer.putValueTyped("madeOrderInXml", Variables.objectValue(order).serializationDataFormat("application/xml").create());
      answer.putValueTyped("madeTransient", Variables.stringValue("seen by no one", true));
    }
  },

  LOCAL {
    @Override
    TopicSubscriptionBuilder choose(TopicSubscriptionBuilder topic, String name) {
      return topic.localVariables(true);
    }

    @Override
    boolean work(ExternalTask task, ExternalTaskService service) {
      Lines.task(task);
      service.complete(task);
      return true;
    }
  },

  FAILURE {
    @Override
    boolean work(ExternalTask task, ExternalTaskService service) {
      var seen = task.getRetries();
      Lines.write("attempt", "retries", seen, "message", task.getErrorMessage(), "details", task.getErrorDetails());
      var left = seen == null ? 2 : seen - 1;
      service.handleFailure(task.getId(), "no paper", "tray " + left, left, 0, Map.of("left", left), Map.of());
      return left == 0;
    }
  },

  ERROR {
    @Override
    boolean work(ExternalTask task, ExternalTaskService service) {
      service.handleBpmnError(task, "trouble", "out of stock", Map.of("missing", 3));
      return true;
    }
  },

  LOCKS {
    @Override
    boolean work(ExternalTask task, ExternalTaskService service) {
      service.extendLock(task, 120_000);
      service.unlock(task);
      service.lock(task, 90_000);
      service.complete(task);
      return true;
    }
  },

  FILES {
    @Override
    boolean work(ExternalTask task, ExternalTaskService service) {
      for (var name : List.of("document", "notes")) {
        FileValue file = task.getVariableTyped(name);
        Lines.file(name, file);
      }
      var content = "grüße\n".getBytes(StandardCharsets.UTF_8);
      var report = Variables.fileValue("répört 1.txt").file(content).mimeType("text/plain").encoding("UTF-8").create();
      service.complete(task, Variables.createVariables().putValueTyped("report", report));
      return true;
    }
  },

  REFUSALS {
    @Override
    boolean work(ExternalTask task, ExternalTaskService service) {
      Lines.refusal(() -> service.complete("4711", null, null));
      Lines.refusal(() -> service.handleFailure(task, "no paper", null, -1, 0));
      Lines.refusal(() -> service.extendLock(task, -1));
      service.unlock(task);
      Lines.refusal(() -> service.complete(task));
      return true;
    }
  };

  TopicSubscriptionBuilder choose(TopicSubscriptionBuilder topic, String name) {
    return topic;
  }

  /** Work on a task; true if it was the last one. */
  abstract boolean work(ExternalTask task, ExternalTaskService service);
}
