// What the scripts in JavaScript share: each call of an SDK becomes one line of JSON. calls.py has
// the same for Python, and says what the verb sets.

import { appendFileSync } from "node:fs";

export const BASE = process.env.PLUMBLINE_BASE;
export const KEY = process.env.PLUMBLINE_KEY;
export const ITEMS = Number(process.env.PLUMBLINE_ITEMS);
export const PROJECT = process.env.PLUMBLINE_PROJECT;

function told(line) {
  appendFileSync(process.env.PLUMBLINE_CALLS, `${JSON.stringify(line)}\n`);
}

// Makes a call of the SDK. `work` gives what came back in a few words, and throws where the SDK
// does, or where something else came back than has to.
export async function call(name, operation, work) {
  try {
    const said = await work();
    told({ call: name, operation, outcome: "decoded", said });
  } catch (error) {
    const why = `${error?.name ?? "thrown"}: ${error?.message ?? String(error)}`;
    const said = why.split(/\s+/).join(" ").slice(0, 400);
    told({ call: name, operation, outcome: "failed", said });
  }
}

// Says that a part of an SDK has nothing for an operation; fails once it has.
export function absent(name, operation, owner, attribute) {
  if (attribute in owner) {
    const said = `the SDK has ${attribute} now: drive it`;
    told({ call: name, operation, outcome: "failed", said });
  } else {
    told({ call: name, operation, outcome: "not offered", said: "" });
  }
}

// Fails the call where something else came back than has to.
export function expect(holds, said) {
  if (!holds) {
    throw new Error(typeof said === "string" ? said : JSON.stringify(said));
  }
}
