import { formatUtc, useFormat } from './format.ts';

/** A point in time: local time, UTC on hover; with `age` how long ago it is. */
export function TimeText({ at, age }: { readonly at: string; readonly age?: number }) {
  const format = useFormat();
  const local = format.local(at);
  return (
    <time dateTime={at} title={age === undefined ? formatUtc(at) : `${local} · ${formatUtc(at)}`}>
      {age === undefined ? local : format.age(at, age)}
    </time>
  );
}
