import { describe, expect, it } from 'vitest';
import { Kind, collect, formatMessage, formatValue, valueAt, type Control, type Field } from '../src/debug/fields.js';
import { bindKeys } from '../src/debug/keys.js';

const field = (name: string, change: Partial<Field> = {}): Field => ({ name, kind: Kind.Int, min: -1, max: 1, edge: false, step: 1, unsigned: false, ...change });
const flag = (name: string) => field(name, { kind: Kind.Bool, min: 0, max: 1 });
const keysOf = (...fields: Field[]) => bindKeys(fields).map(({ key, name, value }) => `${key} ${name} ${String(value)}`).sort();

describe('keys for an input nobody has seen before', () => {
  it.each([
    ['a ship', [field('thrust'), field('turn'), flag('fire')], ['ArrowDown thrust -1', 'ArrowLeft turn -1', 'ArrowRight turn 1', 'ArrowUp thrust 1', 'Space fire true']],
    ['a walker: down is more', [field('dx'), field('dy')], ['ArrowDown dy 1', 'ArrowLeft dx -1', 'ArrowRight dx 1', 'ArrowUp dy -1']],
    ['flags named like directions', [flag('left'), flag('right'), flag('jump')], ['ArrowLeft left true', 'ArrowRight right true', 'Space jump true']],
    ['steps of a float', [field('x', { kind: Kind.Float, min: -10, max: 10, step: 0.5 })], ['ArrowLeft x -5', 'ArrowRight x 5']],
    ['nothing that a key could do', [field('target', { min: 0, max: 9 })], []],
  ])('%s', (_, fields, want) => {
    expect(keysOf(...fields)).toEqual(want);
  });
});

describe('values by the names of a schema', () => {
  const control = (name: string, value: unknown) => ({ field: field(name), get: () => value }) as Control;

  it('nest by dots', () => {
    expect(collect([control('aim.x', 1), control('aim.y', 2), control('fire', true)])).toEqual({ aim: { x: 1, y: 2 }, fire: true });
    expect(valueAt({ aim: { x: 1 } }, 'aim.x')).toBe(1);
    expect(valueAt(undefined, 'aim.x')).toBeUndefined();
  });

  it.each([[1 / 3, '0.333'], [true, 'yes'], [2n ** 63n, '9223372036854775808'], [Uint8Array.of(0, 255), '00 ff'], [[0, 1], '0 1'], [undefined, '']])('%s is shown as "%s"', (value, want) => {
    expect(formatValue(value)).toBe(want);
  });

  it('have 64 bits and bytes in messages too', () => {
    expect(formatMessage({ big: 1n, raw: Uint8Array.of(7) })).toBe('{"big":"1","raw":"07"}');
  });
});
