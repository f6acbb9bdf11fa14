// Every call for experiments that npm's `galileo` offers: its classes, its client, and
// `galileo-generated`, the client made by a generator that it brings along.

import { createRequire } from "node:module";
import { BASE, ITEMS, KEY, PROJECT, absent, call, expect } from "./calls.mjs";

Object.assign(process.env, {
  GALILEO_API_URL: BASE,
  GALILEO_CONSOLE_URL: BASE,
  GALILEO_API_KEY: KEY,
  GALILEO_PROJECT_ID: PROJECT,
});

const require = createRequire(import.meta.url);
const { ExperimentTags, Experiments, GalileoApiClient } = require("galileo");
const { GalileoGenerated } = require("galileo-generated");

const ROOT = "/projects/{project_id}/experiments";
const ONE = `${ROOT}/{experiment_id}`;
const experiments = new Experiments();
const tags = new ExperimentTags();
const client = new GalileoApiClient();
const generated = new GalileoGenerated({ serverURL: BASE, apiKeyHeader: KEY });
const security = { apiKeyHeader: KEY };

// What the calls below have made.
const made = {};

// A call of the generated client, found by how its name begins.
async function generatedCall(group, name, request) {
  const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(generated[group]));
  const found = methods.filter((method) => method.startsWith(name));
  expect(found.length === 1, `${found.length} methods are called ${name}`);
  return generated[group][found[0]](security, { projectId: PROJECT, ...request });
}

const one = () => ({ experimentId: made.id });

async function list() {
  const found = await experiments.getExperiments({ projectId: PROJECT });
  expect(new Set(found.map((experiment) => experiment.id)).size === ITEMS, `${found.length}`);
  return `${found.length} experiments`;
}

async function listGenerated() {
  const found = await generatedCall("experiment", "listExperimentsProjects", {});
  expect(found.length === ITEMS, `${found.length} experiments`);
  return `${found.length} experiments`;
}

async function walk(page) {
  const ids = new Set();
  let count = 0;
  let startingToken = 0;
  while (startingToken !== null && startingToken !== undefined) {
    const found = await page({ startingToken, limit: 20 });
    found.experiments.forEach((experiment) => ids.add(experiment.id));
    count += 1;
    startingToken = found.nextStartingToken;
  }
  expect(ids.size === ITEMS, `${ids.size} experiments on ${count} pages`);
  return `${ids.size} experiments on ${count} pages`;
}

async function pages() {
  await client.init({ projectId: PROJECT });
  return walk((request) => client.getExperimentsPaginated(request));
}

async function pagesGenerated() {
  return walk((request) => generatedCall("experiment", "listExperimentsPaginated", request));
}

async function searchGenerated() {
  const sort = { name: "created_at", ascending: true, sortType: "column" };
  return walk((request) =>
    generatedCall("experiment", "searchExperiments", { body: { ...request, sort } }),
  );
}

async function create() {
  const found = await experiments.createExperiment({
    name: "plumbline one",
    projectId: PROJECT,
  });
  expect(found.name === "plumbline one", found);
  made.id = found.id;
  return "the experiment";
}

async function get() {
  const found = await experiments.getExperiment({ projectId: PROJECT, id: made.id });
  expect(found.id === made.id && found.name === "plumbline one", found);
  return "the experiment created";
}

async function getByName() {
  const found = await experiments.getExperiment({ projectId: PROJECT, name: "plumbline one" });
  expect(found.id === made.id, found);
  return "the experiment created";
}

async function getGenerated() {
  const found = await generatedCall("experiment", "getExperimentProjects", one());
  expect(found.id === made.id && found.name === "plumbline one", found);
  return "the experiment created";
}

async function update() {
  const found = await experiments.updateExperiment({
    id: made.id,
    projectId: PROJECT,
    updateRequest: { name: "plumbline uno" },
  });
  expect(found.name === "plumbline uno", found);
  return "the experiment, renamed";
}

async function updateGenerated() {
  const body = { name: "plumbline due" };
  const found = await generatedCall("experiment", "updateExperiment", { ...one(), body });
  expect(found.name === "plumbline due", found);
  return "the experiment, renamed";
}

async function columns() {
  const found = await client.getExperimentsAvailableColumns();
  return `${found.columns.length} columns`;
}

async function columnsGenerated() {
  const found = await generatedCall("experiment", "experimentsAvailableColumns", {});
  return `${found.columns.length} columns`;
}

async function patchSettings() {
  const body = { scorers: [], segmentFilters: [] };
  await generatedCall("experiment", "updateMetricSettings", { ...one(), body });
  return "the settings";
}

async function settings() {
  await generatedCall("experiment", "getMetricSettings", one());
  return "the settings";
}

async function setTag() {
  const found = await tags.upsertExperimentTag({
    projectId: PROJECT,
    experimentId: made.id,
    key: "stage",
    value: "draft",
  });
  expect(found.key === "stage" && found.value === "draft", found);
  made.tag = found.id;
  return "the tag";
}

async function setTagGenerated() {
  const body = { key: "owner", value: "ada", tagType: "generic" };
  const found = await generatedCall("experimentTags", "setTag", { ...one(), body });
  expect(found.key === "owner", found);
  return "the tag";
}

async function setTagAgain() {
  const found = await tags.upsertExperimentTag({
    projectId: PROJECT,
    experimentId: made.id,
    key: "stage",
    value: "final",
  });
  expect(found.id === made.tag && found.value === "final", found);
  return "the tag, changed";
}

async function updateTagGenerated() {
  const body = { key: "stage", value: "last", tagType: "generic" };
  const request = { ...one(), tagId: made.tag, body };
  const found = await generatedCall("experimentTags", "updateTag", request);
  expect(found.value === "last", found);
  return "the tag, changed";
}

async function getTags() {
  const found = await tags.getExperimentTags({ projectId: PROJECT, experimentId: made.id });
  expect(found.some((tag) => tag.id === made.tag), found);
  return `${found.length} tags`;
}

async function getTagsGenerated() {
  const found = await generatedCall("experimentTags", "getExperimentTagsProjects", one());
  expect(found.some((tag) => tag.id === made.tag), found);
  return `${found.length} tags`;
}

async function getTagGenerated() {
  const request = { ...one(), tagId: made.tag };
  const found = await generatedCall("experimentTags", "getExperimentTagProjects", request);
  expect(found.id === made.tag, found);
  return "the tag";
}

async function deleteTag() {
  await tags.deleteExperimentTag({
    projectId: PROJECT,
    experimentId: made.id,
    tagId: made.tag,
  });
  return "nothing, as the SDK says";
}

async function metrics() {
  const found = await client.getExperimentMetrics(made.id, PROJECT, { filters: [] });
  return `${found.metrics?.length ?? 0} metrics`;
}

async function metricsGenerated() {
  const request = { ...one(), body: { filters: [] } };
  const found = await generatedCall("experiment", "getExperimentMetrics", request);
  return `${found.metrics?.length ?? 0} metrics`;
}

async function allMetricsGenerated() {
  const request = { body: { filters: [] } };
  const found = await generatedCall("experiment", "getExperimentsMetrics", request);
  return `${found.metrics?.length ?? 0} metrics`;
}

async function remove() {
  await experiments.deleteExperiment({ id: made.id, projectId: PROJECT });
  const left = await experiments.getExperiments({ projectId: PROJECT });
  expect(left.every((experiment) => experiment.id !== made.id), "it is still there");
  return "it is gone from the list";
}

await call("Experiments.getExperiments", `GET ${ROOT}`, list);
await call("generated: listExperiments", `GET ${ROOT}`, listGenerated);
await call("GalileoApiClient.getExperimentsPaginated", `GET ${ROOT}/paginated`, pages);
await call("generated: listExperimentsPaginated", `GET ${ROOT}/paginated`, pagesGenerated);
await call("generated: searchExperiments", `POST ${ROOT}/search`, searchGenerated);
await call("Experiments.createExperiment", `POST ${ROOT}`, create);
await call("Experiments.getExperiment({id})", `GET ${ONE}`, get);
await call("Experiments.getExperiment({name})", `GET ${ROOT}`, getByName);
await call("generated: getExperiment", `GET ${ONE}`, getGenerated);
await call("Experiments.updateExperiment", `PUT ${ONE}`, update);
await call("generated: updateExperiment", `PUT ${ONE}`, updateGenerated);
await call("getExperimentsAvailableColumns", `POST ${ROOT}/available_columns`, columns);
await call("generated: availableColumns", `POST ${ROOT}/available_columns`, columnsGenerated);
await call("generated: updateMetricSettings", `PATCH ${ONE}/metric_settings`, patchSettings);
await call("generated: getMetricSettings", `GET ${ONE}/metric_settings`, settings);
await call("ExperimentTags.upsertExperimentTag", `POST ${ONE}/tags`, setTag);
await call("generated: setTag", `POST ${ONE}/tags`, setTagGenerated);
await call("ExperimentTags.upsertExperimentTag, again", `PUT ${ONE}/tags/{tag_id}`, setTagAgain);
await call("generated: updateTag", `PUT ${ONE}/tags/{tag_id}`, updateTagGenerated);
await call("ExperimentTags.getExperimentTags", `GET ${ONE}/tags`, getTags);
await call("generated: getExperimentTags", `GET ${ONE}/tags`, getTagsGenerated);
await call("generated: getExperimentTag", `GET ${ONE}/tags/{tag_id}`, getTagGenerated);
await call("ExperimentTags.deleteExperimentTag", `DELETE ${ONE}/tags/{tag_id}`, deleteTag);
await call("GalileoApiClient.getExperimentMetrics", `POST ${ONE}/metrics`, metrics);
await call("generated: getExperimentMetrics", `POST ${ONE}/metrics`, metricsGenerated);
await call("generated: getExperimentsMetrics", `POST ${ROOT}/metrics`, allMetricsGenerated);
await call("Experiments.deleteExperiment", `DELETE ${ONE}`, remove);
const SEARCH = `POST ${ROOT}/search`;
absent("GalileoApiClient.searchExperiments", SEARCH, client, "searchExperiments");
const SETTINGS = `${ONE}/metric_settings`;
absent("GalileoApiClient.getMetricSettings", `GET ${SETTINGS}`, client, "getMetricSettings");
absent("GalileoApiClient.updateMetricSettings", `PATCH ${SETTINGS}`, client, "updateMetricSettings");
absent("ExperimentTags.getExperimentTag", `GET ${ONE}/tags/{tag_id}`, tags, "getExperimentTag");
const ALL = "getExperimentsMetrics";
absent("GalileoApiClient.getExperimentsMetrics", `POST ${ROOT}/metrics`, client, ALL);
const CREATE = "createExperimentProjectsProjectIdExperimentsPost";
absent("generated: createExperiment", `POST ${ROOT}`, generated.experiment, CREATE);
// Timers of the SDK would keep the process alive.
process.exit(0);
