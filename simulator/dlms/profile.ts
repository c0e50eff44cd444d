import type { Column, Recorder } from '../recorders/types.ts';
import {
  array,
  arrayHead,
  enumeration,
  float32,
  i8,
  i32,
  NULL_DATA,
  octetString,
  structure,
  structureHead,
  u16,
  u32,
  visibleString,
} from './data.ts';
import { dateTime } from './date-time.ts';
import { obis } from './obis.ts';
import type { Content, CosemObject } from './object.ts';
import { type CaptureObject, CLOCK_CAPTURE, type Picked, pick } from './selection.ts';

const FIRST_IN_FIRST_OUT = 1;

/** Class of the objects whose values a column holds: texts are Data, measurements are Registers. */
export function columnClass(column: Column): number {
  return column.type === 'text' ? 1 : 3;
}

/** A recorder as Profile Generic (class 7, version 1). Its buffer is read as a whole, by range of the clock, or by entry. */
export function profileGeneric(recorder: Recorder): CosemObject {
  const captured: readonly CaptureObject[] = [
    CLOCK_CAPTURE,
    ...recorder.columns.map((column) => ({ classId: columnClass(column), name: obis(column.obis), attribute: 2 })),
  ];
  const encoders = recorder.columns.map(encoder);

  return {
    classId: 7,
    version: 1,
    name: obis(recorder.obis),
    attributes: [
      {
        access: 'read',
        selectors: [1, 2],
        slow: true,
        read(selection) {
          const picked = pick(recorder, captured, selection);
          return typeof picked === 'number' ? picked : buffer(picked);
        },
      },
      { access: 'read', read: () => [array(captured.map(captureObject))] },
      { access: 'read', read: () => [u32(recorder.period)] },
      { access: 'read', read: () => [enumeration(FIRST_IN_FIRST_OUT)] },
      { access: 'read', read: () => [captureObject(CLOCK_CAPTURE)] },
      { access: 'read', read: () => [u32(recorder.rows().count)] },
      { access: 'read', read: () => [u32(recorder.depth)] },
    ],
  };

  function* buffer({ rows, columns }: Picked): Content {
    yield arrayHead(rows.count);
    const head = structureHead(columns.filter(Boolean).length);
    const step = recorder.period * 1000;
    let before = Number.NaN;
    for (let index = 0; index < rows.count; index += 1) {
      const at = rows.timeAt(index);
      const pieces = [head];
      if (columns[0] === true) {
        const derivable = recorder.nullClock && at === before + step;
        pieces.push(derivable ? NULL_DATA : octetString(dateTime(at)));
      }
      before = at;
      const values = rows.valuesAt(index);
      for (const [column, encode] of encoders.entries()) {
        if (columns[column + 1] === true) pieces.push(encode(values[column]));
      }
      yield Buffer.concat(pieces);
    }
  }
}

/** Encodes a value of a column. */
export function encoder({ type, scaler }: Column): (value: number | string | undefined) => Buffer {
  switch (type) {
    case 'text':
      return (value) => visibleString(String(value ?? ''));
    case 'float32':
      return (value) => float32(Number(value));
    case 'double-long': {
      const factor = 10 ** -scaler;
      return (value) => i32(Number(value) * factor);
    }
  }
}

function captureObject({ classId, name, attribute }: CaptureObject): Buffer {
  return structure(u16(classId), octetString(name), i8(attribute), u16(0));
}
