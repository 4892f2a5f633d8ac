// Drives Camunda's external-task client through one scenario: worker.mjs BASE SCENARIO TOPIC.
// What it sees it prints as lines of JSON.

import { writeFile } from "node:fs/promises";
import { Client, File, Variables } from "camunda-external-task-client-js";

const [base, name, topic] = process.argv.slice(2);

function write(saw, values) {
  process.stdout.write(`${JSON.stringify({ saw, ...values })}\n`);
}

function writeTask({ id, activityId, businessKey, priority, extensionProperties, variables }) {
  const values = { activity: activityId, properties: extensionProperties, variables: variables.getAll() };
  write("task", { id, businessKey, priority, ...values });
}

// Do what the server must refuse, and write how the client tells it.
async function refusal(call) {
  try {
    await call();
  } catch ({ name, httpStatusCode, type, code, engineMsg }) {
    write("refusal", { error: name, status: httpStatusCode, type, code, message: engineMsg });
    return;
  }
  write("acceptance");
}

// Each returns true when the task was the last one.
const scenarios = {
  async waits(task, service) {
    writeTask(task);
    await service.complete(task);
    return true;
  },

  async variables(task, service) {
    const answer = new Variables();
    for (const [name, typed] of Object.entries(task.variables.getAllTyped()).sort()) {
      write("variable", { name, ...typed });
      answer.setTyped(`${name}Back`, typed);
    }
    answer.setAll({
      madeText: "text",
      madeNull: null,
      madeInteger: -(2 ** 31),
      madeLong: Number.MIN_SAFE_INTEGER,
      madeDouble: 0.1,
      madeBoolean: false,
      madeDate: new Date(0),
      madeJson: { a: [1, "ünïcödé \"quoted\""] },
    });
    answer.setTyped("madeShort", { type: "short", value: -(2 ** 15) });
    answer.setTyped("madeBytes", { type: "bytes", value: Buffer.from([0, 255, 127]).toString("base64") });
    answer.setTyped("madeXml", { type: "xml", value: "<a b='c'/>" });
    answer.setTransient("madeTransient", "seen by no one");
    await service.complete(task, answer, new Variables().set("here", "known to the task alone"));
    return true;
  },

  async local(task, service) {
    writeTask(task);
    await service.complete(task);
    return true;
  },

  async failure(task, service) {
    const { retries, errorMessage, errorDetails } = task;
    write("attempt", { retries, message: errorMessage, details: errorDetails });
    const left = retries === null ? 2 : retries - 1;
    const variables = { left: { value: left, type: "integer" } };
    const failed = { errorMessage: "no paper", errorDetails: `tray ${left}`, retries: left, retryTimeout: 0, variables };
    await service.handleFailure(task, failed);
    return left === 0;
  },

  async error(task, service) {
    await service.handleBpmnError(task, "trouble", "out of stock", new Variables().set("missing", 3));
    return true;
  },

  async locks(task, service) {
    client.stop(); // Its next poll would find the task that is unlocked here.
    await service.extendLock(task, 120_000);
    await service.unlock(task);
    await service.lock(task, 90_000);
    await service.complete(task);
    return true;
  },

  async files(task, service) {
    const file = await task.variables.get("document").load();
    const { filename, mimeType, encoding, content } = file;
    write("file", { name: "document", filename, mimeType, encoding, content: content.toString("base64") });
    await writeFile("répört 1.txt", "grüße\n");
    const report = await new File({ localPath: "répört 1.txt", mimetype: "text/plain", encoding: "UTF-8" }).load();
    await service.complete(task, new Variables().set("report", report));
    return true;
  },

  async refusals(task, service) {
    client.stop();
    await refusal(() => service.complete("4711"));
    await refusal(() => service.handleFailure(task, { errorMessage: "no paper", retries: -1 }));
    await refusal(() => service.extendLock(task, -1));
    await service.unlock(task);
    await refusal(() => service.complete(task));
    return true;
  },
};

const choices = {
  waits: {
    processDefinitionKey: topic,
    processVariables: { ready: true },
    variables: ["amount"],
    includeExtensionProperties: true,
  },
  local: { localVariables: true },
};

let working = false; // Polls are announced until there is a task.
const client = new Client({
  baseUrl: base,
  workerId: "javascript",
  lockDuration: 40_000,
  asyncResponseTimeout: 20_000,
  sorting: [{ sortBy: Client.SortBy.CreateTime, sortOrder: Client.SortOrder.ASC }],
  autoPoll: false,
});
client.on("poll:start", () => {
  if (!working) {
    write("polling");
  }
});
client.on("poll:error", (error) => fail(error));

function fail(error) {
  console.error(error);
  process.exit(1);
}

// What is written and not read yet would be lost with the process.
function allRead() {
  return new Promise((done) => process.stdout.write("", done));
}

client.subscribe(topic, choices[name] ?? {}, async ({ task, taskService }) => {
  try {
    working = true;
    if (await scenarios[name](task, taskService)) {
      await allRead();
      process.exit(0);
    }
  } catch (error) {
    fail(error);
  }
});
client.start();
