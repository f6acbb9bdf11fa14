// Every call for experiments that npm's `opik` offers: its REST client, and the layer above it.

import { Opik, disableLogger, generateId } from "opik";
import { BASE, ITEMS, KEY, absent, call, expect } from "./calls.mjs";

disableLogger();

const ROOT = "/v1/private/experiments";
const opik = new Opik({
  apiUrl: BASE,
  apiKey: KEY,
  workspaceName: "acceptance",
  projectName: "capitals",
});
const rest = opik.api.experiments;

// The experiments and the item that the calls below are about.
const mine = generateId();
const item = generateId();
let other;

// Reads a stream of records: each is a JSON object that ends with a line's end.
async function records(stream) {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of stream) {
    text += decoder.decode(chunk, { stream: true });
  }
  const lines = text.split("\r\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line));
}

async function pages() {
  const ids = new Set();
  let page = 1;
  for (; ; page += 1) {
    const found = await rest.findExperiments({ page, size: 20 });
    expect(found.total === ITEMS, `a total of ${found.total}`);
    if (found.content.length === 0) {
      break;
    }
    expect(found.page === page, `page ${found.page} for ${page}`);
    found.content.forEach((experiment) => ids.add(experiment.id));
  }
  expect(ids.size === ITEMS, `${ids.size} experiments on ${page - 1} pages`);
  return `${ids.size} experiments on ${page - 1} pages`;
}

async function ordered() {
  const found = await rest.findExperiments({
    size: ITEMS,
    sorting: JSON.stringify([{ field: "created_at", direction: "ASC" }]),
    types: JSON.stringify(["regular"]),
  });
  const dates = found.content.map((experiment) => experiment.createdAt.getTime());
  expect(
    dates.every((date, index) => index === 0 || dates[index - 1] <= date),
    "the dates are not in order",
  );
  return `${dates.length} experiments in order`;
}

async function sortable() {
  const found = await rest.findExperiments({ size: 1 });
  expect(Array.isArray(found.sortableBy), `sortableBy is ${found.sortableBy}`);
  return `${found.sortableBy.length} fields`;
}

async function byName() {
  const found = await rest.findExperiments({ name: "plumbline one" });
  expect(found.content.length === 1 && found.content[0].id === mine, found);
  return "1 experiment";
}

async function byIds() {
  const found = await rest.findExperiments({ experimentIds: JSON.stringify([mine]) });
  expect(found.content.length === 1 && found.content[0].id === mine, found);
  return "1 experiment";
}

async function create() {
  await rest.createExperiment({
    id: mine,
    datasetName: "capitals",
    name: "plumbline one",
    metadata: { model: "m-1", depth: [1, { two: null }] },
    tags: ["first"],
    type: "regular",
  });
  return "nothing, as documented";
}

async function createAbove() {
  const made = await opik.createExperiment({
    datasetName: "capitals",
    name: "plum two",
    experimentConfig: { model: "m-2" },
    tags: ["second"],
  });
  other = made.id;
  return "an experiment";
}

async function get() {
  const found = await rest.getExperimentById(mine);
  expect(found.name === "plumbline one" && found.metadata.model === "m-1", found);
  expect(found.tags.join() === "first" && found.createdAt instanceof Date, found);
  return "the experiment created";
}

async function getAbove() {
  const found = await opik.getExperimentById(other);
  expect(found.id === other && found.name === "plum two", found.name);
  return "the experiment created";
}

async function update() {
  await rest.updateExperiment(mine, { body: { name: "plumbline uno", tags: ["changed"] } });
  const found = await rest.getExperimentById(mine);
  expect(found.name === "plumbline uno" && found.tags.join() === "changed", found);
  return "the change is read back";
}

async function updateAbove() {
  await opik.updateExperiment(other, { name: "plum due", experimentConfig: { model: "m-3" } });
  const found = await rest.getExperimentById(other);
  expect(found.name === "plum due" && found.metadata.model === "m-3", found);
  return "the change is read back";
}

async function batch() {
  await rest.batchUpdateExperiments({ ids: [mine, other], update: { tags: ["batch"] } });
  for (const id of [mine, other]) {
    const found = await rest.getExperimentById(id);
    expect(found.tags.join() === "batch", found);
  }
  return "the change is read back";
}

async function stream() {
  const names = [];
  let lastRetrievedId;
  for (;;) {
    const found = await records(
      await rest.streamExperiments({ name: "router", limit: 3, lastRetrievedId }),
    );
    names.push(...found.map((experiment) => experiment.name));
    if (found.length < 3) {
      break;
    }
    lastRetrievedId = found[found.length - 1].id;
  }
  const all = (await rest.findExperiments({ size: ITEMS })).content;
  const wanted = all.map((one) => one.name).filter((name) => name.includes("router"));
  expect(names.join() === wanted.join(), names);
  return `${names.length} experiments, 3 at a time`;
}

async function streamAbove() {
  const found = await opik.getExperimentsByName("plum due");
  expect(found.length === 1 && found[0].id === other, found.map((one) => one.name));
  return "1 experiment";
}

async function streamFirst() {
  const found = await opik.getExperiment("plum due");
  expect(found.id === other, found.id);
  return "the experiment";
}

async function createItems() {
  await rest.createExperimentItems({
    experimentItems: [
      { id: item, experimentId: mine, datasetItemId: generateId(), traceId: generateId() },
    ],
  });
  return "nothing, as documented";
}

async function getItem() {
  const found = await rest.getExperimentItemById(item);
  expect(found.id === item && found.experimentId === mine, found);
  return "the item created";
}

async function streamItems() {
  const found = await records(
    await rest.streamExperimentItems({ experimentName: "plumbline uno", limit: 50 }),
  );
  expect(found.length > 0, "no items");
  return `${found.length} items`;
}

async function deleteItems() {
  await rest.deleteExperimentItems({ ids: [item] });
  return "nothing, as documented";
}

async function bulk() {
  await rest.experimentItemsBulk({
    experimentName: "plumbline uno",
    datasetName: "capitals",
    items: [{ datasetItemId: generateId(), evaluateTaskResult: { answer: "Paris" } }],
  });
  return "nothing, as documented";
}

async function execute() {
  const found = await rest.executeExperiment({
    datasetName: "capitals",
    datasetId: generateId(),
    prompts: [{ model: "m-1", messages: [{ role: "user", content: { text: "hello" } }] }],
  });
  return `${found.experiments?.length ?? 0} experiments, ${found.totalItems ?? 0} items`;
}

async function finish() {
  await rest.finishExperiments({ ids: [mine] });
  return "nothing, as documented";
}

async function scoreNames() {
  const found = await rest.findFeedbackScoreNames({ experimentIds: JSON.stringify([mine]) });
  return `${found.scores.length} names`;
}

async function groups() {
  const by = JSON.stringify([{ field: "dataset_id" }]);
  const found = await rest.findExperimentGroups({ groups: by });
  return `${Object.keys(found.content).length} groups`;
}

async function aggregations() {
  const by = JSON.stringify([{ field: "metadata", key: "model", type: "dictionary" }]);
  const found = await rest.findExperimentGroupsAggregations({ groups: by });
  return `${Object.keys(found.content).length} groups`;
}

async function remove() {
  await rest.deleteExperimentsById({ ids: [mine] });
  const found = await rest.findExperiments({ name: "plumbline uno" });
  expect(found.total === 0, `${found.total} are left`);
  return "it is gone from the list";
}

async function removeAbove() {
  await opik.deleteExperiment(other);
  const found = await rest.findExperiments({ name: "plum due" });
  expect(found.total === 0, `${found.total} are left`);
  return "it is gone from the list";
}

await call("findExperiments, pages of 20", `GET ${ROOT}`, pages);
await call("findExperiments: sortableBy", `GET ${ROOT}`, sortable);
await call("findExperiments({sorting, types})", `GET ${ROOT}`, ordered);
await call("createExperiment", `POST ${ROOT}`, create);
await call("Opik.createExperiment", `POST ${ROOT}`, createAbove);
await call("findExperiments({name})", `GET ${ROOT}`, byName);
await call("findExperiments({experimentIds})", `GET ${ROOT}`, byIds);
await call("getExperimentById", `GET ${ROOT}/{id}`, get);
await call("Opik.getExperimentById", `GET ${ROOT}/{id}`, getAbove);
await call("updateExperiment", `PATCH ${ROOT}/{id}`, update);
await call("Opik.updateExperiment", `PATCH ${ROOT}/{id}`, updateAbove);
await call("batchUpdateExperiments", `PATCH ${ROOT}/batch`, batch);
await call("streamExperiments", `POST ${ROOT}/stream`, stream);
await call("Opik.getExperimentsByName", `POST ${ROOT}/stream`, streamAbove);
await call("Opik.getExperiment", `POST ${ROOT}/stream`, streamFirst);
await call("createExperimentItems", `POST ${ROOT}/items`, createItems);
await call("getExperimentItemById", `GET ${ROOT}/items/{id}`, getItem);
await call("streamExperimentItems", `POST ${ROOT}/items/stream`, streamItems);
await call("deleteExperimentItems", `POST ${ROOT}/items/delete`, deleteItems);
await call("experimentItemsBulk", `PUT ${ROOT}/items/bulk`, bulk);
await call("executeExperiment", `POST ${ROOT}/execute`, execute);
await call("finishExperiments", `POST ${ROOT}/finish`, finish);
await call("findFeedbackScoreNames", `GET ${ROOT}/feedback-scores/names`, scoreNames);
await call("findExperimentGroups", `GET ${ROOT}/groups`, groups);
await call("findExperimentGroupsAggregations", `GET ${ROOT}/groups/aggregations`, aggregations);
await call("deleteExperimentsById", `POST ${ROOT}/delete`, remove);
await call("Opik.deleteExperiment", `POST ${ROOT}/delete`, removeAbove);
absent("Opik.findExperiments", `GET ${ROOT}`, opik, "findExperiments");
// Timers of the SDK would keep the process alive.
process.exit(0);
