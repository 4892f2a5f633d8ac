package gesta.clients;

import java.util.Locale;
import org.camunda.bpm.client.ExternalTaskClient;
import org.camunda.bpm.client.interceptor.ClientRequestContext;
import org.camunda.bpm.client.task.ExternalTask;
import org.camunda.bpm.client.task.ExternalTaskService;

/** Drives Camunda's external-task client through one scenario: {@code Worker BASE SCENARIO TOPIC}. */
public final class Worker {

  private final Scenario scenario;
  private volatile boolean working;

  private Worker(Scenario scenario) {
    this.scenario = scenario;
  }

  public static void main(String[] arguments) {
    var scenario = Scenario.valueOf(arguments[1].toUpperCase(Locale.ROOT));
    new Worker(scenario).start(arguments[0], arguments[2]);
  }

  private void start(String base, String topic) {
    var client = ExternalTaskClient.create()
        .baseUrl(base)
        .workerId("java")
        .lockDuration(40_000)
        .asyncResponseTimeout(20_000)
        .orderByCreateTime().asc()
        .addInterceptor(this::announce)
        .build();
    scenario.choose(client.subscribe(topic), topic).handler(this::handle).open();
  }

  /** Until there is a task, every request is a poll. */
  private void announce(ClientRequestContext request) {
    if (!working) {
      Lines.write("polling");
    }
  }

  private void handle(ExternalTask task, ExternalTaskService service) {
    try {
      working = true;
      if (scenario.work(task, service)) {
        System.exit(0);
      }
    } catch (Throwable error) {
      error.printStackTrace();
      System.exit(1);
    }
  }
}
