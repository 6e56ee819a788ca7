import { describe, expect, test } from "vitest";
import { Picture } from "../src/picture.js";
import { Replica } from "../src/replica.js";
import { between, type Sample, Samples } from "../src/samples.js";
import { type Column, Kind, type Schema } from "../src/schema.js";
import { makeState } from "../src/state.js";
import type { Table } from "../src/table.js";
import { Timeline } from "../src/timeline.js";
import { column, random, schemaOf, table } from "./support.js";

describe("between", () => {
  const samples = [{ at: 100 }, { at: 150 }, { at: 200 }];
  test.each([
    [50, 100, undefined, 0, "before the first"],
    [100, 100, undefined, 0, "on the first"],
    [125, 100, 150, 0.5, "between two"],
    [150, 150, undefined, 0, "on one"],
    [199, 150, 200, 0.98, "just before the last"],
    [225, 200, 150, -0.5, "motion goes on"],
    [300, 200, 150, -2, "for 100 ms"],
    [900, 200, 150, -2, "and then it stops"],
  ] as [number, number, number | undefined, number, string][])("at %d", (moment, from, to, share, _why) => {
    const found = between(samples, moment)!;
    expect([found.from.at, found.to?.at, found.share]).toEqual([from, to, expect.closeTo(share, 9)]);
  });
  test("one sample stands still", () => expect(between([{ at: 7 }], 99)).toEqual({ from: { at: 7 }, share: 0 }));
  test("no sample is no picture", () => expect(between([], 1)).toBeUndefined());
});

describe("picture", () => {
  const cases: { why: string; column: Column; from: number; to: number; share: number; want: number; frames?: number }[] = [
    { why: "half way", column: column("v", Kind.POS, { lerp: true }), from: 10, to: 20, share: 0.5, want: 15 },
    { why: "scaled", column: column("v", Kind.POS, { lerp: true, unit: 1024, drop: 5 }), from: 0, to: 64, share: 0.25, want: 0.5 },
    { why: "beyond", column: column("v", Kind.INT, { lerp: true }), from: 20, to: 10, share: -0.5, want: 25 },
    { why: "over the edge of 32 bits", column: column("v", Kind.INT, { lerp: true }), from: 0x7fffffff, to: -0x80000000, share: 0.5, want: 0x7fffffff + 0.5 },
    { why: "not asked for", column: column("v", Kind.POS), from: 10, to: 20, share: 0.5, want: 10 },
    { why: "a step as far as allowed", column: column("v", Kind.POS, { lerp: true, jump: 10 }), from: 0, to: 10, share: 0.5, want: 5 },
    { why: "a jump", column: column("v", Kind.POS, { lerp: true, jump: 10 }), from: 0, to: 11, share: 0.9, want: 0 },
    { why: "a jump back", column: column("v", Kind.POS, { lerp: true, jump: 10 }), from: 0, to: -11, share: 0.9, want: 0 },
    { why: "no jump in three frames", column: column("v", Kind.POS, { lerp: true, jump: 10 }), from: 0, to: 30, share: 0.5, want: 15, frames: 3 },
    { why: "angle up", column: column("v", Kind.ANGLE, { lerp: true, unsigned: true }), from: 10, to: 20, share: 0.5, want: 15 },
    { why: "angle the short way up", column: column("v", Kind.ANGLE, { lerp: true, unsigned: true }), from: 250, to: 10, share: 0.25, want: 254 },
    { why: "angle over the top", column: column("v", Kind.ANGLE, { lerp: true, unsigned: true }), from: 250, to: 10, share: 0.75, want: 6 },
    { why: "angle the short way down", column: column("v", Kind.ANGLE, { lerp: true, unsigned: true }), from: 10, to: 250, share: 0.75, want: 254 },
    { why: "signed angle", column: column("v", Kind.ANGLE, { lerp: true }), from: 120, to: 140, share: 0.75, want: -121 },
    { why: "angle of 32 bits", column: column("v", Kind.ANGLE, { lerp: true, bits: 32, unsigned: true }), from: -4, to: 4, share: 0.25, want: 2 ** 32 - 2 },
    { why: "float", column: column("v", Kind.FLOAT, { lerp: true, step: 0.1 }), from: 10, to: 20, share: 0.5, want: 1.5 },
    { why: "unsigned does not go below zero", column: column("v", Kind.INT, { lerp: true, unsigned: true }), from: 1, to: 10, share: -1, want: 0 },
    { why: "unsigned and great", column: column("v", Kind.INT, { lerp: true, unsigned: true }), from: -3, to: -1, share: 0.5, want: 2 ** 32 - 2 },
  ];
  test.each(cases)("$why", ({ column, from, to, share, want, frames = 1 }) => {
    const schema = schemaOf(table("t", [column]));
    const picture = new Picture(schema);
    const state = makeState(schema, picture.tables) as { t: Table<{ v: number }> };
    picture.draw({ from: sample(schema, 5, { 1: [from] }), to: sample(schema, 5 + frames * 2, { 1: [to] }), share }, 2);
    expect(state.t.get(1)!.v).toBeCloseTo(want, 9);
  });

  test("a jump of one column stops the whole row, and no other row", () => {
    const schema = schemaOf(table("t", ["x", "y"].map((n) => column(n, Kind.POS, { lerp: true, jump: 10 }))));
    const picture = new Picture(schema);
    const { t } = makeState(schema, picture.tables) as { t: Table<{ x: number; y: number }> };
    picture.draw({ from: sample(schema, 1, { 1: [0, 0], 2: [0, 0] }), to: sample(schema, 2, { 1: [4, 50], 2: [4, 4] }), share: 0.5 }, 1);
    expect([...t.values()]).toMatchObject([{ x: 0, y: 0 }, { x: 2, y: 2 }]);
  });

  test("rows appear at their tick, stand still until they go, and keep their objects and last values", () => {
    const schema = schemaOf(table("t", [column("x", Kind.POS, { lerp: true }), column("name", Kind.STRING)]));
    const picture = new Picture(schema);
    const { t } = makeState(schema, picture.tables) as { t: Table<{ x: number; name: string }> };
    const one = sample(schema, 1, { 3: [0], 5: [10] });
    const two = sample(schema, 2, { 1: [7], 3: [10] });
    picture.draw({ from: one, to: two, share: 0.5 }, 1);
    const three = t.get(3)!;
    const five = t.get(5)!;
    expect([...t].map(([id, row]) => [id, row.x, row.name])).toEqual([[3, 5, "row 3"], [5, 10, "row 5"]]);
    picture.draw({ from: two, share: 0 }, 1);
    expect([...t.ids()]).toEqual([1, 3]);
    expect(t.get(3)).toBe(three);
    expect(three.x).toBe(10);
    expect([five.x, five.name]).toEqual([10, "row 5"]);
    expect(t.get(5)).toBeUndefined();
  });

  test("a Var is an object before it is there", () => {
    const schema = schemaOf(table("v", [column("x", Kind.INT, { lerp: true }), column("name", Kind.STRING)], { single: true }));
    const picture = new Picture(schema);
    const { v } = makeState(schema, picture.tables) as { v: { x: number; name: string } };
    expect({ ...v }).toEqual({ x: 0, name: "" });
    picture.draw({ from: sample(schema, 1, { 1: [4] }), to: sample(schema, 2, { 1: [6] }), share: 0.5 }, 1);
    expect({ ...v }).toEqual({ x: 5, name: "row 1" });
  });

  /** sample is a state of one table, whose rows have these cells. */
  function sample(schema: Schema, tick: number, rows: Record<number, number[]>): Sample {
    const replica = new Replica(schema);
    const t = replica.tables[0]!;
    for (const [id, cells] of Object.entries(rows)) {
      const at = t.stage(Number(id));
      cells.forEach((cell, i) => (t.stagedCells[at + i] = cell));
      if (t.layout.blobs > 0) t.stagedBlobs[t.staged - 1]![0] = { bytes: new TextEncoder().encode("row " + id) };
    }
    t.merge();
    replica.end(tick);
    const samples = new Samples();
    samples.take(replica, tick * 50);
    return samples.list[0]!;
  }
});

describe("samples", () => {
  test("are few, and begin anew when time goes back", () => {
    const replica = new Replica(schemaOf(table("t", [])));
    const samples = new Samples();
    for (let i = 0; i < 200; i++) samples.take(replica, i);
    expect(samples.list.length).toBeLessThanOrEqual(64);
    samples.forget(190.5);
    expect(samples.list[0]!.at).toBe(190);
    samples.take(replica, 3);
    expect(samples.list.map((s) => s.at)).toEqual([3]);
  });
});

describe("timeline", () => {
  const tickMs = 1000 / 30;
  /** play lets frames arrive, each late by what `late` says, and looks 60 times a second. */
  function play(timeline: Timeline, from: number, ticks: number, late: (tick: number) => number): { now: number; moment: number }[] {
    const seen: { now: number; moment: number }[] = [];
    const arrivals = Array.from({ length: ticks }, (_, i) => ({ tick: from + i, at: (from + i) * tickMs + 500 + late(from + i) }));
    arrivals.forEach((a, i) => (a.at = Math.max(a.at, arrivals[i - 1]?.at ?? 0))); // TCP keeps the order
    let next = 0;
    for (let now = from * tickMs + 500; next < arrivals.length; now += 1000 / 60) {
      while (next < arrivals.length && arrivals[next]!.at <= now) timeline.arrive(arrivals[next++]!.tick, now);
      seen.push({ now, moment: timeline.at(now) });
    }
    return seen;
  }

  test("nothing is known before the first frame", () => expect(new Timeline(tickMs, 1).at(5)).toBeNaN());

  test.each([
    ["even arrivals: two intervals", 1, 0, 2 * tickMs],
    ["uneven: the spread and an interval", 1, 100, 100 + tickMs],
    ["very uneven: 300 ms", 1, 800, 300],
    ["a slow game: at least one interval and a half", 30, 0, 1500],
  ])("%s", (_, stride, late, want) => {
    const timeline = new Timeline(tickMs, stride);
    for (let tick = 0; tick < 300; tick += stride) timeline.arrive(tick, tick * tickMs + (tick % 60 === 30 ? late : 0));
    expect(timeline.delay).toBeCloseTo(want, 3);
  });

  test("the picture never goes back, and never runs more than 5 % off time", () => {
    const next = random(1);
    const seen = play(new Timeline(tickMs, 1), 0, 900, (tick) => (tick > 300 && tick < 600 ? next() * 120 : next() * 3));
    for (let i = 2; i < seen.length; i++) {
      const speed = (seen[i]!.moment - seen[i - 1]!.moment) / (seen[i]!.now - seen[i - 1]!.now);
      expect(speed).toBeGreaterThan(0.949);
      expect(speed).toBeLessThan(1.051);
    }
  });

  test("calm arrivals are forgotten after ten seconds, and the delay is small again", () => {
    const timeline = new Timeline(tickMs, 1);
    play(timeline, 0, 60, (tick) => (tick % 2 ? 150 : 0));
    expect(timeline.delay).toBeGreaterThan(150);
    play(timeline, 60, 400, () => 0);
    expect(timeline.delay).toBeCloseTo(2 * tickMs, 3);
  });

  test("after a stall it jumps to where it should be", () => {
    const timeline = new Timeline(tickMs, 1);
    play(timeline, 0, 60, () => 0);
    const [first] = play(timeline, 600, 2, () => 0).slice(-1);
    expect(600 * tickMs - first!.moment).toBeLessThan(3 * tickMs);
  });
});
