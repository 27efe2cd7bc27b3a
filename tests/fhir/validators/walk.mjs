// Every element of a resource beside its definition, those of its data types included.

const TYPE = "http://hl7.org/fhir/StructureDefinition/";
const capital = (word) => word[0].toUpperCase() + word.slice(1);

// Return the element that a reference to another one stands for.
function referred(elements, element) {
  if (!element.contentReference) return element;
  const path = element.contentReference.replace(/^.*#/, "");
  return elements.find((each) => each.path === path && !each.sliceName);
}

function childrenOf(elements, path) {
  const depth = path.split(".").length + 1;
  return elements.filter(
    (each) => each.path.startsWith(`${path}.`) && each.path.split(".").length === depth && !each.sliceName,
  );
}

function* valuesOf(node, element) {
  const name = element.path.split(".").at(-1);
  if (!name.endsWith("[x]")) {
    const type = element.type?.[0]?.code;
    for (const value of [node[name] ?? []].flat()) yield [value, type];
    return;
  }
  for (const { code } of element.type) {
    const key = name.replace("[x]", capital(code));
    for (const value of [node[key] ?? []].flat()) yield [value, code];
  }
}

// Yield [node, definition of the element, whose it is] of what stands below a node.
function* walk(node, structure, path, known, owner) {
  const elements = structure.snapshot.element;
  for (const child of childrenOf(elements, path)) {
    const element = referred(elements, child);
    for (const [value, type] of valuesOf(node, child)) {
      yield [value, element, owner];
      if (value === null || typeof value !== "object") continue;
      if (type === undefined || type === "BackboneElement" || type === "Element") {
        yield* walk(value, structure, element.path, known, owner);
        continue;
      }
      const inner = known.StructureDefinition.get(TYPE + (value.resourceType ?? type));
      if (inner?.snapshot) yield* walkWhole(value, inner, known, ownerOf(value, element, owner));
    }
  }
}

// What `%resource` and `%rootResource` are: a contained resource belongs to that which contains it.
function ownerOf(value, element, owner) {
  if (!value.resourceType) return owner;
  const root = element.path.endsWith(".contained") ? owner.rootResource : value;
  return { resource: value, rootResource: root };
}

export function* walkWhole(node, structure, known, owner = { resource: node, rootResource: node }) {
  const root = structure.snapshot.element[0];
  yield [node, root, owner];
  yield* walk(node, structure, root.path, known, owner);
}
