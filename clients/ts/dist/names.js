const part = /^(?:[A-Za-z_][A-Za-z0-9_]*|0|[1-9][0-9]{0,3})$/;
/** treeOf makes the tree of a list of names. It throws a plain sentence if a name is wrong or collides with another. */
export function treeOf(names) {
    const root = new Map();
    names.forEach((name, index) => {
        const path = name.split(".");
        const last = path.pop() ?? "";
        let at = root;
        for (const key of path) {
            check(name, key);
            let next = at.get(key);
            if (next === undefined)
                at.set(key, (next = new Map()));
            if (!(next instanceof Map))
                throw new Error(`the name ${JSON.stringify(name)} is below another name`);
            at = next;
        }
        check(name, last);
        if (at.has(last))
            throw new Error(`the name ${JSON.stringify(name)} stands twice`);
        at.set(last, { index });
    });
    return branchOf(root, true);
}
function branchOf(map, isRoot = false) {
    const keys = new Map();
    let next = 0;
    let array = !isRoot;
    for (const [key, value] of map) {
        if (key !== String(next++))
            array = false;
        keys.set(key, value instanceof Map ? branchOf(value) : value);
    }
    return { array, keys };
}
function check(name, key) {
    if (!part.test(key) || key === "__proto__")
        throw new Error(`${JSON.stringify(name.slice(0, 80))} is not a name`);
}
//# sourceMappingURL=names.js.map