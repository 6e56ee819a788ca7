import { Kind, type Field } from './fields.js';

/** What a key does to an input: the field, and its value while the key is down. */
export interface Binding {
  key: string;
  name: string;
  value: number | boolean;
}

const arrows: [key: string, word: RegExp][] = [
  ['ArrowLeft', /left/i], ['ArrowRight', /right/i], ['ArrowUp', /up|ahead|forward/i], ['ArrowDown', /down|back/i],
];

/**
 * Guesses keys for a game's input: the arrows for two fields that go both ways, or for flags named like directions;
 * Space for the first other flag.
 */
export function bindKeys(fields: readonly Field[]): Binding[] {
  const bindings: Binding[] = [];
  const flags = fields.filter((field) => field.kind === Kind.Bool);
  const free = flags.filter((flag) => {
    const arrow = arrows.find(([, word]) => word.test(flag.name));
    if (arrow) bindings.push({ key: arrow[0], name: flag.name, value: true });
    return !arrow;
  });
  const axes = fields.filter((field) => (field.kind === Kind.Int || field.kind === Kind.Float) && field.min < 0 && field.max > 0);
  const across = axes.find((axis) => /x$|turn|steer|side/i.test(axis.name)) ?? axes.find((axis) => !/y$|thrust/i.test(axis.name));
  const along = axes.find((axis) => axis !== across);
  for (const [axis, less, more] of [[across, 'ArrowLeft', 'ArrowRight'], [along, ...(/y$/i.test(along?.name ?? '') ? ['ArrowUp', 'ArrowDown'] : ['ArrowDown', 'ArrowUp'])]] as [Field | undefined, string, string][]) {
    if (!axis) continue;
    const scale = axis.kind === Kind.Float ? axis.step : 1;
    bindings.push({ key: less, name: axis.name, value: Number(axis.min) * scale }, { key: more, name: axis.name, value: Number(axis.max) * scale });
  }
  if (free[0]) bindings.push({ key: 'Space', name: free[0].name, value: true });
  return bindings.filter((one, i) => bindings.findIndex((other) => other.key === one.key) === i);
}
