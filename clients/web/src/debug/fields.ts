import type { Schema } from '@tickwire/client';
import { h } from '../dom.js';

export type Message = Schema['commands'][number];
export type Field = Message['fields'][number];

/** The kinds of fields, with the numbers of the schema. */
export const Kind = { Int: 1, Bool: 2, Float: 3, String: 4, Bytes: 5 } as const;

/** Something to type a field's value into. */
export interface Control {
  field: Field;
  element: HTMLElement;
  /** What to send; throws a plain sentence if it cannot be read. */
  get(): unknown;
  /** Sets what is shown: a number in the field's units, or a flag. */
  set(value: number | boolean): void;
}

/** Makes the control that suits a field. changed is called when a person has changed it. */
export function controlFor(field: Field, changed: () => void): Control {
  const numeric = field.kind === Kind.Int || field.kind === Kind.Float;
  const big = typeof field.min === 'bigint' || typeof field.max === 'bigint'; // no number input holds 64 bits
  const scale = field.kind === Kind.Float ? field.step : 1;
  const kind = field.kind === Kind.Bool ? { type: 'checkbox' } : numeric && !big ? { type: 'number', min: Number(field.min) * scale, max: Number(field.max) * scale, step: scale, value: clampZero(field) * scale } : { type: 'text', placeholder: field.kind === Kind.Bytes ? '00 ff …' : '' };
  const input = h('input', { ...kind, 'aria-label': field.name, autocomplete: 'off', oninput: changed });
  const range = numeric ? `${Number(field.min) * scale} … ${Number(field.max) * scale}` : field.kind === Kind.Bool ? '' : `≤ ${String(field.max)} bytes`;
  const element = h('label', {}, h('span', {}, field.name, h('small', {}, field.edge ? `${range} press` : range)), input);
  return {
    field,
    element,
    get() {
      if (field.kind === Kind.Bool) return input.checked;
      if (field.kind === Kind.String) return input.value;
      if (field.kind === Kind.Bytes) return bytesOf(input.value);
      return big ? BigInt(input.value.trim() || 0) : Number(input.value);
    },
    set(value) {
      if (field.kind === Kind.Bool) input.checked = Boolean(value);
      else input.value = numeric ? String(Number(value)) : '';
    },
  };
}

/** The values of all controls as the object that a field's dotted name describes: "pos.x" nests. */
export function collect(controls: readonly Control[]): object {
  const value: Record<string, unknown> = {};
  for (const control of controls) {
    const path = control.field.name.split('.');
    const last = path.pop() ?? '';
    const at = path.reduce<Record<string, unknown>>((inner, key) => (inner[key] ??= {}) as Record<string, unknown>, value);
    at[last] = control.get();
  }
  return value;
}

/** Reads a value by a column's dotted name. */
export function valueAt(row: unknown, name: string): unknown {
  return name.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], row);
}

/** A value in a few characters. */
export function formatValue(value: unknown): string {
  if (typeof value === 'number') return String(Math.round(value * 1000) / 1000);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (value instanceof Uint8Array) return hex(value);
  if (Array.isArray(value)) return value.map(formatValue).join(' ');
  return String(value ?? '');
}

/** A message in one line. */
export function formatMessage(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part instanceof Uint8Array ? hex(part) : part));
}

/** The value that is nearest to nothing. */
function clampZero(field: Field): number {
  return Math.max(Number(field.min), Math.min(Number(field.max), 0));
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

function bytesOf(text: string): Uint8Array {
  const digits = text.replace(/\s/g, '');
  if (!/^([0-9a-f]{2})*$/i.test(digits)) throw new Error('bytes are written as pairs of hexadecimal digits');
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}
