/** Node is a place in an object whose leaves are the values of dotted names: "pos.x" nests, "cells.0" makes an array. */
export type Node = Leaf | Branch;

/** Leaf is the place of one value: its index in the list of names. */
export interface Leaf {
  readonly index: number;
}

/** Branch is a nested object, or an array if its keys are 0, 1, 2 … */
export interface Branch {
  readonly array: boolean;
  readonly keys: ReadonlyMap<string, Node>;
}

const part = /^(?:[A-Za-z_][A-Za-z0-9_]*|0|[1-9][0-9]{0,3})$/;

/** treeOf makes the tree of a list of names. It throws a plain sentence if a name is wrong or collides with another. */
export function treeOf(names: readonly string[]): Branch {
  const root = new Map<string, unknown>();
  names.forEach((name, index) => {
    const path = name.split(".");
    const last = path.pop() ?? "";
    let at = root;
    for (const key of path) {
      check(name, key);
      let next = at.get(key);
      if (next === undefined) at.set(key, (next = new Map<string, unknown>()));
      if (!(next instanceof Map)) throw new Error(`the name ${JSON.stringify(name)} is below another name`);
      at = next as Map<string, unknown>;
    }
    check(name, last);
    if (at.has(last)) throw new Error(`the name ${JSON.stringify(name)} stands twice`);
    at.set(last, { index } satisfies Leaf);
  });
  return branchOf(root, true);
}

function branchOf(map: ReadonlyMap<string, unknown>, isRoot = false): Branch {
  const keys = new Map<string, Node>();
  let next = 0;
  let array = !isRoot;
  for (const [key, value] of map) {
    if (key !== String(next++)) array = false;
    keys.set(key, value instanceof Map ? branchOf(value as ReadonlyMap<string, unknown>) : (value as Leaf));
  }
  return { array, keys };
}

function check(name: string, key: string): void {
  if (!part.test(key) || key === "__proto__") throw new Error(`${JSON.stringify(name.slice(0, 80))} is not a name`);
}
