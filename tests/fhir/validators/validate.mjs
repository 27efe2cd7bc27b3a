// Check resources, one {name, resource, profiles} a line of stdin: node validate.mjs R4|R5 PACKAGES
//
// Prints {name, problems} for each. Three look at it, since each passes what another one finds:
// Medplum's validator, the invariants of the definitions by FHIRPath, and required codes.
import { createInterface } from "node:readline";
import { OperationOutcomeError, indexStructureDefinitionBundle, validateResource } from "@medplum/core";
import fhirpath from "fhirpath";
import r4 from "fhirpath/fhir-context/r4/index.js";
import r5 from "fhirpath/fhir-context/r5/index.js";
import { codesOf, isAmong } from "./codes.mjs";
import { definitions } from "./definitions.mjs";
import { walkWhole } from "./walk.mjs";

const [version, packages] = process.argv.slice(2);
const model = { R4: r4, R5: r5 }[version];
const known = definitions(version, packages);
// Of the profiles Medplum's validator is told those that are asked for, one by one.
const structures = [...known.StructureDefinition.values()];
indexStructureDefinitionBundle(structures.filter((each) => each.derivation !== "constraint"));
const BASE = "http://hl7.org/fhir/StructureDefinition/";
// Invariants of an OperationDefinition that ask a terminology server, which there is none of here.
const beyond = /Constraint opd-[356] not met/;
const compiled = new Map();
const listed = new Map();
const asked = new Map();

function byMedplum(resource, profile) {
  return issuesOf(resource, profile)
    .map((each) => `medplum: ${each.details?.text} at ${each.expression}`)
    .filter((each) => !each.includes("Error evaluating invariant expression") && !beyond.test(each));
}

function issuesOf(resource, profile) {
  try {
    return validateResource(resource, { profile });
  } catch (error) {
    if (!(error instanceof OperationOutcomeError)) throw error;
    return error.outcome.issue;
  }
}

// What this library of FHIRPath cannot ask: of FHIR's own booleans, and of the limits of quantities.
const OTHERWISE = new Map([
  ["que-7", (each) => each.operator !== "exists" || typeof each.answerBoolean === "boolean"],
  ["rng-2", (each) => !each.low || !each.high || each.low.value <= each.high.value],
  ["dom-3", (each) => (each.contained ?? []).every(({ id }) => JSON.stringify(each).includes(`"#${id}"`))],
]);

function holds(constraint, node, path, owner) {
  const { key, expression } = constraint;
  asked.set(key, (asked.get(key) ?? 0) + 1);
  if (OTHERWISE.has(key)) return OTHERWISE.get(key)(node);
  // Those ask a terminology server; codes that are bound are looked up below.
  if (expression.includes("memberOf(")) return true;
  const at = `${path} ${expression}`;
  if (!compiled.has(at)) {
    const options = { traceFn: () => undefined };
    compiled.set(at, fhirpath.compile({ base: path, expression }, model, options));
  }
  return compiled.get(at)(node, owner)[0] !== false;
}

function* byDefinition(resource, structure) {
  for (const [node, element, owner] of walkWhole(resource, structure, known)) {
    // In JSON a primitive has a value, which is all that is asked of it.
    const constraints = typeof node === "object" ? (element.constraint ?? []) : [];
    for (const each of constraints) {
      if (each.severity !== "error" || !each.expression) continue;
      if (!holds(each, node, element.path, owner)) yield `invariant ${each.key}: ${each.human} at ${element.path}`;
    }
    const { strength, valueSet } = element.binding ?? {};
    if (strength !== "required" || !valueSet) continue;
    if (!listed.has(valueSet)) listed.set(valueSet, codesOf(valueSet, known));
    const codes = listed.get(valueSet);
    if (codes && !isAmong(node, codes)) yield `code: ${JSON.stringify(node)} is not of ${valueSet}`;
  }
}

function problemsOf({ resource, profiles }) {
  const base = known.StructureDefinition.get(BASE + resource.resourceType);
  const found = [...byMedplum(resource), ...byDefinition(resource, base)];
  for (const url of profiles) {
    const profile = known.StructureDefinition.get(url);
    if (!profile) throw new Error(`no profile ${url}`);
    found.push(...byMedplum(resource, profile), ...byDefinition(resource, profile));
  }
  return [...new Set(found)];
}

for await (const line of createInterface({ input: process.stdin })) {
  const given = JSON.parse(line);
  console.log(JSON.stringify({ name: given.name, problems: problemsOf(given) }));
}
console.log(JSON.stringify({ asked: Object.fromEntries(asked), sets: [...listed].filter(([, codes]) => codes).length }));
