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
/** treeOf makes the tree of a list of names. It throws a plain sentence if a name is wrong or collides with another. */
export declare function treeOf(names: readonly string[]): Branch;
