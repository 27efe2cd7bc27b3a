// The codes of a value set, as far as its definition lists them.

function* below(concepts) {
  for (const each of concepts ?? []) {
    yield each.code;
    yield* below(each.concept);
  }
}

// Return the set of `system|code`, or undefined where it cannot be listed from what is at hand.
export function codesOf(url, known, seen = new Set()) {
  const valueSet = known.ValueSet.get(url.split("|")[0]);
  if (!valueSet?.compose || seen.has(url)) return undefined;
  const found = new Set();
  for (const include of valueSet.compose.include) {
    if (include.filter) return undefined;
    for (const other of include.valueSet ?? []) {
      const codes = codesOf(other, known, new Set([...seen, url]));
      if (!codes) return undefined;
      codes.forEach((each) => found.add(each));
    }
    if (!include.system) continue;
    const system = known.CodeSystem.get(include.system);
    if (!include.concept && system?.content !== "complete") return undefined;
    const codes = include.concept ? include.concept.map((each) => each.code) : [...below(system.concept)];
    codes.forEach((code) => found.add(`${include.system}|${code}`));
  }
  return found;
}

// Tell whether a code, a Coding or a CodeableConcept has a code of the set.
export function isAmong(value, codes) {
  if (typeof value === "string") return [...codes].some((each) => each.split("|")[1] === value);
  if (value.coding) return value.coding.some((each) => isAmong(each, codes));
  return value.code === undefined || codes.has(`${value.system}|${value.code}`);
}
